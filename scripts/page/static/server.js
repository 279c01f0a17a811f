// What is asked of the server, and what is taken away from the page.

export async function post(path, type, body) {
  let response;
  try {
    response = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body });
  } catch {
    throw new Error("The server does not answer. Is it still running?");
  }
  if (!response.ok) {
    const { error } = await response.json().catch(() => ({}));
    const refusal = new Error(error || `The server answered ${response.status}.`);
    refusal.again = Number(response.headers.get("Retry-After")); // seconds; 0: not at all
    throw refusal;
  }
  return response;
}

export const postJson = (path, entry) => post(path, "application/json", JSON.stringify(entry));

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// Takes a number away as an SVG or a GIF that the server makes: {text, pen, strokes} in mm.
export async function saveAs(kind, number, name) {
  save(await (await postJson(`api/${kind}`, number)).blob(), `${name}.${kind}`);
}
