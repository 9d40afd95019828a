/** Options that replace the network, such as a `fetch` of an embedded service; none here. */
export async function environment() {
  return {};
}
