const crypto = require("node:crypto");

function panelLink(user, opens) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: user, role: "rep", opens, iat: now, exp: now + 120, jti: crypto.randomUUID() };
  const signed = [{ alg: "HS256" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = crypto.createHmac("sha256", process.env.PANE_KEY).update(signed).digest("base64url");
  return JSON.stringify({ url: `${process.env.PANE_URL}/embed`, token: `${signed}.${signature}` });
}

module.exports = { panelLink };
if (require.main === module) process.stdout.write(panelLink(...process.argv.slice(2)));
