// A word from the server: header HX-Trigger {"toast": {"text": …, "tone": …}}, or a toast it put into the page itself.
// Good news leaves after five seconds; a refusal stays until it has been read and closed.
import { on, onContent } from "./on.js";

const SECONDS = 5;
const blank = () => document.getElementById("blank-toast");

function show(text, tone = "green") {
  const toast = blank().content.querySelector(`.toast-${tone}`).cloneNode(true);
  toast.querySelector("p").textContent = text;
  document.getElementById("toasts").append(toast);
  letGo();
}

function letGo() {
  for (const toast of document.querySelectorAll("#toasts .toast-green:not([data-timed])")) {
    toast.toggleAttribute("data-timed", true);
    setTimeout(() => toast.remove(), SECONDS * 1000);
  }
}

onContent(letGo);
on("click", "[data-dismiss]", (button) => button.closest(".toast").remove());
document.addEventListener("toast", ({ detail }) => show(detail.text, detail.tone));
document.addEventListener("htmx:response:error", ({ detail }) => {
  if (detail.ctx.response.status >= 500) show(blank().dataset.fault, "red");
});
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx) show(blank().dataset.offline, "red"); // no answer came at all
});
