// A form with a hidden "credential": its button asks the browser to make a passkey (data-act="create") or to sign with
// one ("get"), then sends the answer. What is to be signed stands in the form as JSON or is fetched from data-from.
// A form that is hidden is shown here only: without script, or without WebAuthn, nobody is offered what cannot work.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

function asked(options) {
  const { publicKey } = options;
  const read = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) read.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) read.excludeCredentials = known(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) read.allowCredentials = known(publicKey.allowCredentials);
  return { publicKey: read };
}

function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

// The sentences stand in the form (accounts/passkey_words.html).
function why(error, { known, unused, unanswered, refused }) {
  if (error.name === "InvalidStateError") return known;
  if (error.name === "NotAllowedError") return unused;
  return error instanceof TypeError ? unanswered : `${refused} ${error.message}`;
}

export default function passkey(form) {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  const { act, from } = form.dataset;
  const said = form.querySelector("[data-told]");
  let signed = false;

  form.addEventListener("submit", async (event) => {
    if (signed) return;
    event.preventDefault();
    event.stopPropagation();
    said.textContent = "";
    try {
      const options = from
        ? (await (await fetch(from, { headers: { Accept: "application/json" } })).json()).request_options
        : JSON.parse(form.querySelector("script[type='application/json']").textContent);
      const credential = await navigator.credentials[act](asked(options));
      form.elements.credential.value = JSON.stringify(told(credential));
      signed = true;
      form.requestSubmit();
    } catch (error) {
      said.textContent = why(error, form.dataset);
    }
  });
}
