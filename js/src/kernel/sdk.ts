// How do the SDKs of AWS reach a service that has no address? Through a request handler.

/** What a request handler of AWS's SDK for JavaScript is given. */
export interface SdkRequest {
  /** Of HTTP. */
  method: string;
  /** With its colon: `https:`. */
  protocol: string;
  /** Without a port. */
  hostname: string;
  /** Unless it is the protocol's own. */
  port?: number;
  /** Without a query. */
  path: string;
  /** What comes after the `?`. */
  query?: Record<string, string | string[] | null>;
  /** By their names. */
  headers: Record<string, string>;
  /** Whatever `fetch` takes. */
  body?: unknown;
}

/** A request handler of AWS's SDK for JavaScript. */
export interface SdkRequestHandler {
  /** Answers a request. */
  handle(request: SdkRequest): Promise<{
    /** The answer, as the SDK wants it. */
    response: {
      /** Of HTTP. */
      statusCode: number;
      /** By their names in small letters. */
      headers: Record<string, string>;
      /** A stream of bytes. */
      body: unknown;
    };
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
