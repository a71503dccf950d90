// Everything the staff's pages do by themselves; one behaviour a file.

import "./announce.js";
import "./preferences.js";
import "./dialogs.js";
import "./tabs.js";
import "./tree.js";
import "./keys.js";
import "./list.js";
import "./complete.js";
import "./palette.js";
import "./copy.js";
import "./clocks.js";
import "./drafts.js";
import "./files.js";
import "./insert.js";
import "./play.js";
import "./live.js";
import "./presence.js";
import "./swaps.js";
import "./charts.js";
