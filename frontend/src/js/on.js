/** Calls `handle(element, event)` when an event reaches an element that matches, also one that comes later. */
export function on(type, selector, handle) {
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) handle(element, event);
  });
}

/** Calls `handle` when the page is ready and after every swap of a part of it. */
export function onContent(handle) {
  document.addEventListener("DOMContentLoaded", handle);
  document.addEventListener("htmx:after:swap", handle);
}
