// @ts-nocheck: runs in a browser, whose names this project does not have
// Before anything is drawn: the theme that was chosen here before, or else the system's.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "labelfree-theme";
  root.classList.add("has-script");

  const read = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // a browser that keeps nothing for files
    }
  };
  let chosen = read();
  const isDark = () => (chosen ?? (system.matches ? "dark" : "light")) === "dark";
  const show = () => {
    root.dataset.theme = isDark() ? "dark" : "light";
    document.getElementById("site-theme")?.setAttribute("aria-pressed", String(isDark()));
  };

  show();
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("site-theme").addEventListener("click", () => {
      chosen = isDark() ? "light" : "dark";
      try {
        localStorage.setItem(KEY, chosen);
      } catch {
        // it holds for this page
      }
      show();
    });
    const menu = document.getElementById("site-menu");
    menu.addEventListener("click", () => {
      const isOpen = root.classList.toggle("shows-contents");
      menu.setAttribute("aria-expanded", String(isOpen));
    });
  });
})();
