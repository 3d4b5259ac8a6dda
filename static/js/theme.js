// Switches light and dark at once and remembers it in the cookie the server reads,
// so that the next page is drawn right from the start.
const YEAR = 365 * 24 * 60 * 60;

for (const form of document.querySelectorAll("[data-theme-switch]")) {
  form.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (!theme) return;
    event.preventDefault();
    document.documentElement.dataset.theme = theme;
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `theme=${theme};path=/;max-age=${YEAR};samesite=lax${secure}`;
    form.querySelector(theme === "dark" ? ".when-dark" : ".when-light")?.focus();
  });
}
