// The vendor as a peer's data sources see it: the same requests that the graph itself makes.

import DataLoader from "dataloader";
import { Pool } from "undici";

const { UPSTREAM, CALLS = "batched" } = process.env;
const AT_ONCE = 8; // also the connections, so that nobody has more of them than the graph is given

const pool = new Pool(UPSTREAM, { connections: AT_ONCE });
const HEADERS = { accept: "application/json" };

async function fetchRows(resource, query = "") {
  const path = `/admin/api/1/${resource}?_method=GET&auth=bench-token${query}`;
  const { body } = await pool.request({ method: "GET", path, headers: HEADERS });
  return body.json();
}

export function fetchPage(first) {
  return fetchRows("subscriber/", `&sort=id&order=asc&limit=${first + 1}`);
}

// one call for the ids from the least to the greatest, which are dense here
async function fetchBatch(resource, ids) {
  const [low, high] = [Math.min(...ids), Math.max(...ids)];
  const query = `&query=id-gte-${low}&query=id-lte-${high}&sort=id&order=asc&limit=${high - low + 1}`;
  const rows = new Map((await fetchRows(`${resource}/`, query)).map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}

// what the vendor's grammar offers to whoever knows nothing of windows: a read by id for each id
function fetchEach(resource, ids) {
  return Promise.all(ids.map(async (id) => (await fetchRows(`${resource}/${id}`))[0] ?? null));
}

const fetchMany = CALLS === "batched" ? fetchBatch : fetchEach;

export function buildLoaders() {
  return {
    campaigns: new DataLoader((ids) => fetchMany("campaign", ids)),
    lists: new DataLoader((ids) => fetchMany("list", ids)),
  };
}
