// The few things a public page needs; every page works without them.
import "./theme.js";
import "./language.js";
import "./menu.js";
import "./forms.js";
import "./time.js";
