// Passkeys: asks the browser for one and hands the answer to the form around the button.
// data-passkey: "sign-in" (options fetched), "prove" or "add" (options in the script element that data-options names).
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const withBytes = (list) => (list ?? []).map((item) => ({ ...item, id: toBytes(item.id) }));

function readable(credential) {
  const answer = credential.response;
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = toText(answer[name]);
  }
  if (answer.getTransports) response.transports = answer.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

function create(options, isPasswordless) {
  const publicKey = {
    ...options.publicKey,
    challenge: toBytes(options.publicKey.challenge),
    user: { ...options.publicKey.user, id: toBytes(options.publicKey.user.id) },
    excludeCredentials: withBytes(options.publicKey.excludeCredentials),
    authenticatorSelection: {
      ...options.publicKey.authenticatorSelection,
      residentKey: isPasswordless ? "required" : "discouraged",
      requireResidentKey: isPasswordless,
      ...(isPasswordless ? { userVerification: "required" } : {}),
    },
  };
  return navigator.credentials.create({ publicKey });
}

function prove(options) {
  const publicKey = {
    ...options.publicKey,
    challenge: toBytes(options.publicKey.challenge),
    allowCredentials: withBytes(options.publicKey.allowCredentials),
  };
  return navigator.credentials.get({ publicKey });
}

class Unreachable extends Error {}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) throw new Unreachable();
  return answer.json();
}

async function ask(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "add") {
    return create(options.creation_options, form.elements.passwordless?.checked ?? false);
  }
  return prove(options.request_options);
}

// Browsers tie passkeys to a name: at an address of digits there are none.
const isNumbered = /^[\d.]+$|^\[/.test(location.hostname);

function attach(form) {
  if (isNumbered && form.dataset.passkey === "sign-in") return;
  form.hidden = false;
  const problem = form.querySelector("[data-passkey-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    problem.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(readable(await ask(form)));
      form.submit();
    } catch (error) {
      problem.textContent = error instanceof Unreachable ? problem.dataset.net : problem.dataset.stopped;
      problem.hidden = false;
      console.info(error);
    }
  });
  if (isNumbered || !window.PublicKeyCredential) {
    problem.textContent = isNumbered ? problem.dataset.numbered : problem.dataset.none;
    problem.hidden = false;
    form.querySelector("button:not([type='button'])").disabled = true;
  }
}

document.querySelectorAll("form[data-passkey]").forEach(attach);
