// How does a test call what Cognate offers beyond Cognito?

import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';

/** Calls an operation that AWS's SDK does not know, signed by it all the same. */
export async function extension(settings, name, input) {
  let answer;
  const requestHandler = {
    async handle({ headers: { host, 'content-length': length, ...headers }, body }) {
      answer = await fetch(settings.endpoint, { method: 'POST', headers, body });
      return { response: { statusCode: 200, headers: {}, body: Buffer.from('{}') } };
    },
  };
  const client = new CognitoIdentityProvider({ ...settings, requestHandler, maxAttempts: 1 });
  const replace = (next) => (args) => {
    args.request.headers['x-amz-target'] = `Cognate.${name}`;
    args.request.body = JSON.stringify(input);
    return next(args);
  };
  client.middlewareStack.add(replace, { step: 'serialize', priority: 'low' });
  await client.listUserPools({ MaxResults: 1 });
  const output = await answer.json();
  if (answer.status === 200) return output;
  throw Object.assign(new Error(output.message), { name: output.__type });
}
