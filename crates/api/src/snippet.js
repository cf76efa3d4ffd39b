// Events of a page, for the server that this script comes from. Nothing is kept in the browser before consent.
((w, d, n) => {
  const own = d.currentScript, key = own?.dataset.key, late = w.clientele?.q ?? [];
  if (!key) return;
  const keep = (value, end) => {
    d.cookie = `clientele=${value};path=/;samesite=lax;expires=${new Date(end).toUTCString()}` + (location.protocol === "https:" ? ";secure" : "");
  };
  if (n.globalPrivacyControl || (n.doNotTrack ?? w.doNotTrack) === "1") {
    keep("", 0);
    w.clientele = () => {};
    return;
  }
  const to = new URL("batch", own.src), queue = [];
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  // What consent keeps: identifier, end in milliseconds, choices.
  let kept, user, timer;
  try {
    kept = JSON.parse(decodeURIComponent(d.cookie.match(/(?:^|; )clientele=([^;]+)/)[1]));
  } catch {}
  let id = kept?.[0] ?? fresh();
  const send = () => {
    timer = clearTimeout(timer);
    if (!queue.length || n.onLine === false) return;
    const batch = queue.splice(0, 20), body = JSON.stringify({ writeKey: key, sentAt: new Date(), batch });
    const again = () => {
      queue.unshift(...batch.slice(0, 50 - queue.length));
      timer ??= setTimeout(send, 10_000);
    };
    fetch(to, { method: "POST", body, keepalive: body.length < 60_000, credentials: "omit" }).then((r) => r.status < 500 || again(), again);
    if (queue.length) send();
  };
  const put = (event) => {
    if (queue.push({ messageId: fresh(), timestamp: new Date(), ...event }) > 50) queue.shift();
    timer ??= setTimeout(send, 200);
  };
  const context = () => {
    const campaign = {};
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name.startsWith("utm_")) campaign[name === "utm_campaign" ? "name" : name.slice(4)] = value;
    }
    const referrer = d.referrer && new URL(d.referrer).origin;
    const page = { path: location.pathname, url: location.origin + location.pathname, title: d.title, referrer };
    return { page, campaign, consent: kept && { categoryPreferences: kept[2] } };
  };
  const tell = (type, more) => put({ type, anonymousId: id, userId: kept && user, context: context(), ...more });
  const verbs = {
    page: (name, properties) => tell("page", { name, properties }),
    track: (event, properties) => tell("track", { event, properties }),
    identify: (userId, traits) => {
      user = userId;
      // Without consent it is not tied to what was looked at.
      kept ? tell("identify", { traits }) : put({ type: "identify", userId, traits });
    },
    consent: (said) => {
      const choices = { ...kept?.[2], ...said }, same = JSON.stringify(choices) === JSON.stringify(kept?.[2]);
      if (same || !(kept || choices.analytics === true)) return;
      // Thirteen months from the first yes (CNIL, 17 September 2020), not from the last visit.
      kept = [id, kept?.[1] ?? Date.now() + 395 * 864e5, choices];
      tell("track", { event: "Segment Consent Preference Updated" });
      if (choices.analytics === true) return keep(encodeURIComponent(JSON.stringify(kept)), kept[1]);
      keep("", 0);
      kept = user = undefined;
      id = fresh();
    },
  };
  w.clientele = (verb, ...rest) => verbs[verb]?.(...rest);
  if (own.dataset.page !== "off") verbs.page();
  for (const each of late) w.clientele(...each);
  w.addEventListener("online", send);
  w.addEventListener("pagehide", send);
  d.addEventListener("visibilitychange", () => d.visibilityState === "hidden" && send());
})(window, document, navigator);
