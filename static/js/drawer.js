// Opens the drawer beside the map without a new page: marks the objective in focus,
// moves the keyboard's focus along and back. Without a script each link is a page.
const drawer = document.getElementById("drawer");
let opener = null;

function mark(objective) {
  for (const element of document.querySelectorAll("[data-objective]")) {
    if (element === objective) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  }
  document.dispatchEvent(new CustomEvent("drawer:changed"));
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== drawer) return;
  opener = event.detail.requestConfig.elt;
  const heading = drawer.querySelector("h2")?.textContent ?? "";
  drawer.setAttribute("aria-label", heading);
  drawer.hidden = false;
  drawer.scrollTop = 0;
  mark(opener);
  drawer.focus({ preventScroll: window.innerWidth > 1100 });
});

function close(event) {
  if (!opener && event.type !== "click") return;
  event.preventDefault();
  const address = drawer.querySelector("[data-drawer-close]")?.href;
  drawer.hidden = true;
  const from = opener ?? document.querySelector("[data-objective][aria-current]");
  mark(null);
  // The mark lets htmx load the page anew where somebody goes back to it.
  if (address) history.pushState({ htmx: true }, "", address);
  from?.focus();
  opener = null;
}

drawer.addEventListener("click", (event) => {
  if (event.target.closest("[data-drawer-close]")) close(event);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !drawer.hidden) close(event);
});
