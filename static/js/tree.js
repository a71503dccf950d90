// A tree of nested lists walked by arrow keys; links and folds work without this.
//   data-tree        the outermost list
//   data-tree-node   the link of each node; Enter opens it, as links do
//   data-tree-move   where M leads from that node

const nodes = (tree) => [...tree.querySelectorAll("[data-tree-node]")].filter((node) => node.checkVisibility?.() ?? true);
const fold = (node) => node.closest("li").querySelector(":scope > details");

document.addEventListener("keydown", (event) => {
  const node = event.target.closest?.("[data-tree-node]");
  if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys()[event.key];
  if (!act) return;
  event.preventDefault();
  act(node, node.closest("[data-tree]"));
});

const keys = () => ({
  ArrowDown: (node, tree) => step(node, tree, 1),
  ArrowUp: (node, tree) => step(node, tree, -1),
  Home: (_, tree) => nodes(tree).at(0).focus(),
  End: (_, tree) => nodes(tree).at(-1).focus(),
  [document.dir === "rtl" ? "ArrowLeft" : "ArrowRight"]: open,
  [document.dir === "rtl" ? "ArrowRight" : "ArrowLeft"]: close,
  m: (node) => node.dataset.treeMove && document.documentElement.dataset.keys !== "off" && location.assign(node.dataset.treeMove),
});

function step(node, tree, by) {
  const all = nodes(tree);
  all[all.indexOf(node) + by]?.focus();
}

// Open first, then go in.
function open(node) {
  const below = fold(node);
  if (below && !below.open) below.open = true;
  else below?.querySelector("[data-tree-node]").focus();
}

// Close first, then go up.
function close(node) {
  const below = fold(node);
  if (below?.open) below.open = false;
  else node.closest("li").parentElement.closest("li")?.querySelector("[data-tree-node]").focus();
}
