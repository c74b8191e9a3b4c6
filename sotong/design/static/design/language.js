// The language link: kept in a cookie, then the page is read again without the query.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-language]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `language=${link.dataset.language}; path=/; max-age=31536000; samesite=lax${secure}`;
  location.reload();
});
