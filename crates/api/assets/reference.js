// Fills the reference from the OpenAPI document and sends the requests that the reader tries.

const text = Object.fromEntries(
  [...document.getElementById("texts").content.children].map((span) => [span.dataset.key, span.textContent]),
);
const objects = document.getElementById("objects");
const operations = document.getElementById("operations");
const find = document.getElementById("find");
const token = document.getElementById("token");
let api;

const make = (name, properties = {}, ...children) => {
  const { dataset = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, dataset);
  element.append(...children.filter((child) => child !== null));
  return element;
};

const resolve = (value) =>
  value?.$ref ? value.$ref.slice(2).split("/").reduce((at, key) => at[key], api) : value;

const headers = () => ({
  "accept-language": document.documentElement.lang,
  ...(token.value ? { authorization: `Bearer ${token.value.trim()}` } : { "x-csrf-token": "1" }),
});

// Descriptions have code between backticks.
const prose = (description = "") =>
  description.split("`").map((piece, n) => (n % 2 ? make("code", { textContent: piece }) : piece));

// A value that shows the form of a body.
const example = (schema) => {
  const of = resolve(schema) ?? {};
  const option = of.anyOf ? resolve(of.anyOf[0]) : of;
  const type = [option.type].flat()[0];
  if (option.enum) return option.enum[0];
  if (type === "array") return [];
  if (type === "object") {
    const members = Object.entries(option.properties ?? {}).filter(([, member]) => /Required/.test(resolve(member).description ?? ""));
    return Object.fromEntries(members.map(([name, member]) => [name, example(member)]));
  }
  return { integer: 0, number: 0, boolean: false }[type] ?? "";
};

const field = (parameter) => {
  const input = make("input", { name: parameter.name, placeholder: parameter.example ?? "", dataset: { in: parameter.in } });
  input.required = parameter.required ?? false;
  return make("label", {}, make("code", { textContent: parameter.name }), input, make("small", {}, ...prose(parameter.description)));
};

const request = (form, path, method) => {
  const inputs = [...form.querySelectorAll("input[name]")].filter((input) => input.value !== "");
  const query = new URLSearchParams();
  const sent = headers();
  let address = path;
  for (const { name, value, dataset } of inputs) {
    if (dataset.in === "path") address = address.replace(`{${name}}`, encodeURIComponent(value));
    else if (dataset.in === "header") sent[name] = value;
    else query.append(name, value);
  }
  const body = form.querySelector("textarea")?.value;
  if (body !== undefined) sent["content-type"] = "application/json";
  const url = api.servers[0].url + address + (query.size ? `?${query}` : "");
  return { url, options: { method: method.toUpperCase(), headers: sent, body } };
};

const shown = (response, body) => {
  const kept = ["content-range", "etag", "location", "next-cursor", "batch-id", "x-request-id"];
  const lines = kept.filter((name) => response.headers.has(name)).map((name) => `${name}: ${response.headers.get(name)}`);
  try {
    body = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // Other formats are shown as they are.
  }
  return [`${response.status} ${response.statusText}`, ...lines, "", body].join("\n");
};

const quoted = (value) => `'${value.replaceAll("'", `'\\''`)}'`;

const curl = ({ url, options }) => {
  const parts = ["curl", "-X", options.method, quoted(new URL(url, location.href).href)];
  for (const [name, value] of Object.entries(options.headers)) parts.push("-H", quoted(`${name}: ${value}`));
  if (options.body !== undefined) parts.push("-d", quoted(options.body));
  return parts.join(" ");
};

const fill = (panel, path, method, operation, shared) => {
  const parameters = [...shared, ...(operation.parameters ?? [])];
  const [filters, others] = [[], []];
  for (const parameter of parameters) (parameter.$ref ? others : filters).push(resolve(parameter));
  const grouped = filters.length > 4;
  const form = make("form", {});
  const fields = make("div", { className: "fields" }, ...(grouped ? others : [...others, ...filters]).map(field));
  form.append(fields);
  if (grouped) {
    form.append(make("details", {}, make("summary", { textContent: text.filters }), make("div", { className: "fields" }, ...filters.map(field))));
  }
  const schema = operation.requestBody?.content["application/json"]?.schema;
  if (schema) {
    const body = make("textarea", { value: JSON.stringify(example(schema), null, 2), spellcheck: false });
    body.setAttribute("aria-label", text.body);
    form.append(make("p", { textContent: text.body }), body);
  }
  const answer = make("pre", { hidden: true, tabIndex: 0 });
  answer.setAttribute("aria-label", text.answer);
  const copy = make("button", { type: "button", textContent: text.copy });
  copy.addEventListener("click", () => navigator.clipboard.writeText(curl(request(form, path, method))));
  form.append(make("div", { className: "actions" }, make("button", { className: "main", textContent: text.send }), copy));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { url, options } = request(form, path, method);
    answer.hidden = false;
    try {
      const response = await fetch(url, options);
      answer.textContent = shown(response, await response.text());
    } catch {
      answer.textContent = text.failed;
    }
  });
  panel.append(form, answer);
};

const operation = (path, method, of, shared) => {
  const panel = make("div");
  const summary = make(
    "summary", {},
    make("b", { textContent: method.toUpperCase(), dataset: { method } }),
    make("code", { textContent: path }),
    make("span", { textContent: of.summary }),
  );
  const details = make("details", { dataset: { find: `${method} ${path} ${of.summary}`.toLowerCase() } }, summary, panel);
  details.addEventListener("toggle", () => details.open && !panel.hasChildNodes() && fill(panel, path, method, of, shared));
  return details;
};

const draw = () => {
  const wanted = decodeURIComponent(location.hash.slice(1)) || api.tags[0].name;
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  objects.replaceChildren(
    ...api.tags.map((tag) => {
      const link = make("a", { href: `#${tag.name}` }, tag.name, make("small", { textContent: tag.description }));
      if (tag.name === wanted) link.setAttribute("aria-current", "true");
      return link;
    }),
  );
  const list = [];
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of ["get", "post", "patch", "put", "delete"]) {
      if (!item[method] || (words.length === 0 && !item[method].tags.includes(wanted))) continue;
      const drawn = operation(path, method, item[method], item.parameters ?? []);
      if (words.every((word) => drawn.dataset.find.includes(word))) list.push(drawn);
    }
  }
  operations.replaceChildren(make("h2", { textContent: words.length ? find.value : wanted }), ...list);
};

const load = async () => {
  try {
    const response = await fetch(document.body.dataset.document, { headers: headers() });
    if (!response.ok) {
      objects.replaceChildren();
      operations.replaceChildren(make("p", { textContent: text["sign-in"] }));
      return;
    }
    api = await response.json();
    draw();
  } catch {
    operations.replaceChildren(make("p", { textContent: text.failed }));
  }
};

token.addEventListener("change", load);
find.addEventListener("input", () => api && draw());
addEventListener("hashchange", () => api && draw());
load();
