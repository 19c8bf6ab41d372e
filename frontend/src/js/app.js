// Everything works without script; this makes it quicker. Behaviours hang on data attributes, nothing is inline.
import htmx from "htmx.org";
import "./browser.js";
import "./conditional.js";
import "./files.js";
import "./folding.js";
import "./grid.js";
import "./keys.js";
import "./phrases.js";
import "./proof.js";
import "./selection.js";
import "./theme.js";
import "./toasts.js";

// A refusal (4xx) brings its own answer; a fault of the server does not, toasts.js says a word instead.
htmx.config.noSwap = [204, 304, "5xx"];
