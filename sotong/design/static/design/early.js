// Runs before the first paint: takes the theme from the cookie where the server did not set one.
(() => {
  const root = document.documentElement;
  const kept = document.cookie.match(/(?:^|; )theme=(system|light|dark)(?:;|$)/);
  if (!root.dataset.theme && kept) root.dataset.theme = kept[1];
})();
