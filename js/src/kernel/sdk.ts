// How do the SDKs of AWS reach a service that has no address? Through a request handler.

/** What a request handler of AWS's SDK for JavaScript is given. */
export interface SdkRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

/** A request handler of AWS's SDK for JavaScript. */
export interface SdkRequestHandler {
  handle(request: SdkRequest): Promise<{
    response: { statusCode: number; headers: Record<string, string>; body: unknown };
  }>;
}

/** A handler that has requests answered by that `fetch`. */
export function handlerOf(fetch: (request: Request) => Promise<Response>): SdkRequestHandler {
  return {
    async handle({ body, headers, hostname, method, path, port, protocol, query = {} }) {
      const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
      for (const [name, value] of Object.entries(query)) {
        for (const one of [value].flat()) url.searchParams.append(name, one ?? '');
      }
      const init = { method, headers, body: (body as BodyInit | undefined) || null };
      const response = await fetch(new Request(url, init));
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body: response.body,
        },
      };
    },
  };
}
