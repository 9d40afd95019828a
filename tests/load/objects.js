// The least that a Worker does with a bucket.

export default {
  async fetch(request, env) {
    const key = new URL(request.url).pathname.slice(1);
    if (request.method === "PUT") {
      await env.FILES.put(key, request.body);
      return new Response();
    }
    const object = await env.FILES.get(key);
    return object === null ? new Response() : new Response(object.body);
  },
};
