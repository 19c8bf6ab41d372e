// What the browser does by itself: data-print prints the page, data-back goes back to it with what was typed.
import { on } from "./on.js";

on("click", "[data-print]", () => window.print());
on("click", "[data-back]", () => history.back());
