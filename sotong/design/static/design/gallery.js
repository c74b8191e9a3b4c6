// The living page: lets the toast be tried.
import { toast } from "./toast.js";

const button = document.getElementById("try-toast");
button?.addEventListener("click", () => toast(button.dataset.text));
