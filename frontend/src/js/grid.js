// In a grid of inputs, data-grid, the arrow keys go to the same input of the next row, as in a spreadsheet.
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const input = event.target;
  if (!step || !input.matches?.("[data-grid] input:not([type=checkbox])")) return;
  const rows = [...input.closest("tbody").rows].filter((row) => row.querySelector("input"));
  const own = input.closest("tr");
  const place = [...own.querySelectorAll("input")].indexOf(input);
  const next = rows[rows.indexOf(own) + step]?.querySelectorAll("input")[place];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
