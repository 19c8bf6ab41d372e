// A chosen file shows its name: data-chosen="id of the output".
import { on } from "./on.js";

on("change", "[data-chosen]", (input) => {
  document.getElementById(input.dataset.chosen).textContent = [...input.files].map((file) => file.name).join(" · ");
});
