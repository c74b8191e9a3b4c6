// Everything a staff page needs. Each module does one thing and works for content that htmx brings later.
import "./theme.js";
import "./language.js";
import "./toast.js";
import "./swaps.js";
import "./dialog.js";
import "./menu.js";
import "./tabs.js";
import "./keys.js";
import "./rows.js";
import "./send.js";
import "./autosize.js";
import "./forms.js";
import "./time.js";
import "./live.js";
