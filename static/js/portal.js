// Customers' pages work without a script; with one, an error summary takes the focus and a draft is kept.

import "./drafts.js";
import "./swaps.js";
