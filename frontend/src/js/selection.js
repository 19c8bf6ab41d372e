// data-selects="name" ticks all boxes of that name in the same table.
import { on } from "./on.js";

const boxes = (all) => [...all.closest("table").querySelectorAll(`tbody input[name="${all.dataset.selects}"]`)];

on("change", "[data-selects]", (all) => {
  for (const box of boxes(all)) box.checked = all.checked;
});
on("change", "tbody input[type=checkbox]", (box) => {
  const all = box.closest("table").querySelector(`[data-selects="${box.name}"]`);
  if (!all) return;
  const ticked = boxes(all).filter((other) => other.checked).length;
  all.checked = ticked === boxes(all).length;
  all.indeterminate = ticked > 0 && !all.checked;
});
