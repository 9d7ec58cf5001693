const crypto = require("node:crypto");
const http = require("node:http");
const { panelLink } = require("./panel-link.js");

const { HUBSPOT_CLIENT_SECRET, HUBSPOT_PORTAL, LINK_URL, PORT } = process.env;
const PANELS = { "0-1": "contacts", "0-2": "accounts", "0-3": "opportunities" };
const DECODED = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi; // what HubSpot decodes before it signs, no more

function isFromHubSpot(method, uri, headers, body) {
  const timestamp = headers["x-hubspot-request-timestamp"] ?? "";
  if (!(Math.abs(Date.now() - Number(timestamp)) <= 300_000)) return false;
  const address = uri.split("#")[0].replace(DECODED, (one) => decodeURIComponent(one));
  const expected = crypto.createHmac("sha256", HUBSPOT_CLIENT_SECRET)
    .update(method + address).update(body).update(timestamp).digest();
  const given = Buffer.from(headers["x-hubspot-signature-v3"] ?? "", "base64");
  return given.length === expected.length && crypto.timingSafeEqual(given, expected);
}

function answer(method, uri, headers, body) {
  if (!isFromHubSpot(method, uri, headers, body)) return [401, "not signed by HubSpot"];
  const by = new URL(uri).searchParams; // HubSpot's own words: the card cannot choose them
  if (by.get("portalId") !== HUBSPOT_PORTAL || !by.get("userId")) return [403, "not a user of this account"];
  const { objectTypeId, objectId } = JSON.parse(body);
  if (!PANELS[objectTypeId]) return [404, "no panel for this kind of record"];
  return [200, panelLink(`hubspot-${by.get("userId")}`, `${PANELS[objectTypeId]}/${objectId}`)];
}

http.createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  const [status, said] = answer(request.method, LINK_URL + request.url, request.headers, body);
  const headers = { "Content-Type": status === 200 ? "application/json" : "text/plain", "Cache-Control": "no-store" };
  response.writeHead(status, headers).end(said);
}).listen(PORT, "127.0.0.1");
