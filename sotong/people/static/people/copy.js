// Copies a link that must be handed over.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    document.querySelector("[data-copy-said]").textContent = button.dataset.copied;
  } catch (error) {
    // Without a secure origin there is no clipboard: the text stays selected, and Ctrl+C works.
    console.info("The link is selected, to be copied by hand.", error);
  }
});
