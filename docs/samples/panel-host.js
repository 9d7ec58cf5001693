const frame = document.querySelector("iframe[data-link]"); // <iframe name="chatpane" data-link="/chatpane-link?…">
let origin, asked;
async function open() {
  asked = Date.now();
  const { url, token } = await (await fetch(frame.dataset.link)).json();
  origin = new URL(url).origin;
  const form = Object.assign(document.createElement("form"), { method: "post", action: url, target: frame.name });
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "token", value: token }));
  document.body.append(form);
  form.submit();
  form.remove();
}
frame.onload = () => origin && frame.contentWindow.postMessage({ type: "chatpane:hello" }, origin);
addEventListener("message", ({ source, origin: from, data }) => {
  if (source !== frame.contentWindow || from !== origin) return;
  if (data.height) frame.style.height = `${data.height}px`;
  if (data.type === "chatpane:needs-link" && Date.now() - asked > 5000) open();
});
open();
