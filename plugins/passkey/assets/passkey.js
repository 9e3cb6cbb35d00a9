// Passkeys: asks the browser, and posts what it says with the form. Without it, the buttons stay hidden.
(() => {
  "use strict";
  const decode = (text) => {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  };
  const encode = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withIds = (list) => (list || []).map((one) => ({ ...one, id: decode(one.id) }));

  const told = async (form) => {
    const answer = await fetch(form.dataset.options, { headers: { accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const options = await answer.json();
    options.challenge = decode(options.challenge);
    if (options.user) options.user.id = decode(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = withIds(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = withIds(options.allowCredentials);
    return options;
  };

  // What PublicKeyCredential.toJSON gives, in browsers that do not have it yet.
  const json = (credential) => {
    const { response } = credential;
    const parts = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) parts[name] = encode(response[name]);
    }
    if (response.getTransports) parts.transports = response.getTransports();
    const id = encode(credential.rawId);
    return { id, rawId: id, type: credential.type, response: parts };
  };

  // One ceremony at a time: a browser refuses a second one while the first waits.
  let waiting = null;
  const ceremony = async (form, more) => {
    if (waiting) waiting.abort();
    const mine = new AbortController();
    waiting = mine;
    const publicKey = await told(form);
    const how = { publicKey, signal: mine.signal, ...more };
    const made = form.dataset.passkey === "create" ? navigator.credentials.create(how) : navigator.credentials.get(how);
    return made;
  };
  const post = (form, credential) => {
    form.elements.response.value = JSON.stringify(json(credential));
    form.requestSubmit(form.querySelector("button[type=submit]"));
  };
  const say = (form, text) => {
    const place = form.querySelector("[data-passkey-trouble]");
    place.className = text === "" ? "" : "field-error";
    place.textContent = text;
    place.hidden = text === "";
  };

  const supported = Boolean(window.PublicKeyCredential && navigator.credentials);
  const forms = document.querySelectorAll("form[data-passkey]");
  for (const form of forms) {
    if (!supported) {
      say(form, form.dataset.unsupported);
      form.querySelector("[data-with-script]").hidden = true;
      continue;
    }
    // Before other listeners, which would take the form for gone.
    form.addEventListener("submit", (event) => {
      if (form.elements.response.value !== "") return;
      event.preventDefault();
      say(form, "");
      ceremony(form, {}).then((credential) => post(form, credential)).catch((error) => {
        const texts = { NotAllowedError: form.dataset.cancelled, InvalidStateError: form.dataset.known };
        if (error.name !== "AbortError") say(form, texts[error.name] || form.dataset.failed);
        offer();
      });
    }, { capture: true });
  }

  // Passkeys among what the browser fills in. The challenge is renewed while nobody chooses.
  const RENEWED = 240_000;
  const signIn = supported && [...forms].find((form) => form.dataset.passkey === "get");
  const fields = document.querySelectorAll("input[autocomplete='username'], input[autocomplete='email']");
  let timer = 0;
  const offer = async () => {
    const { isConditionalMediationAvailable } = window.PublicKeyCredential;
    if (!signIn || fields.length === 0 || !isConditionalMediationAvailable) return;
    try {
      if (!(await window.PublicKeyCredential.isConditionalMediationAvailable())) return;
      for (const field of fields) field.autocomplete = "username webauthn";
      clearTimeout(timer);
      timer = setTimeout(offer, RENEWED);
      post(signIn, await ceremony(signIn, { mediation: "conditional" }));
    } catch {
      // Nobody chose one, or the button was pressed instead.
    }
  };
  if (signIn) offer();

  // Coming back with the browser's arrow finds forms that ask anew.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of forms) form.elements.response.value = "";
    offer();
  });
})();
