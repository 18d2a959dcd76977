// A form with a hidden "credential": its button asks the browser to make a passkey (data-act="create") or to sign with
// one ("get"); what is to be signed stands in it or comes from data-from. Shown only where that can work.

const PARSE = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" };

// The sentences stand in the form (accounts/passkey_words.html).
function why(error, { known, unused, unanswered, refused }) {
  if (error.name === "InvalidStateError") return known;
  if (error.name === "NotAllowedError") return unused;
  return error instanceof TypeError ? unanswered : `${refused} ${error.message}`;
}

export default function passkey(form) {
  const parse = window.PublicKeyCredential?.[PARSE[form.dataset.act]];
  if (!parse) return;
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
      const publicKey = parse.call(window.PublicKeyCredential, options.publicKey);
      const credential = await navigator.credentials[act]({ publicKey });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      signed = true;
      form.requestSubmit();
    } catch (error) {
      said.textContent = why(error, form.dataset);
    }
  });
}
