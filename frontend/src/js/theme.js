// Light and dark change at once; the server is told and renders the next page so.
import { on } from "./on.js";

on("submit", "form[data-theme-switch]", (form, event) => {
  event.preventDefault();
  const button = form.elements.theme;
  const theme = button.value;
  document.documentElement.dataset.theme = theme;
  button.value = theme === "dark" ? "light" : "dark";
  button.setAttribute("aria-pressed", theme === "dark");
  fetch(form.action, { method: "POST", body: new URLSearchParams({ theme }), redirect: "manual" });
});
