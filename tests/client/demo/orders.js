// A page that calls services with the credentials of an identity pool. In place of `main.js`.

import { browserStorage, createClient, signIn, signOut } from 'cognate/client';
import { credentials, signedFetch } from 'cognate/credentials';

const query = new URLSearchParams(location.search);
const { userPoolId, clientId, identityPoolId, endpoint, orders } = Object.fromEntries(query);
const storage = browserStorage('local');
const client = createClient({ userPoolId, clientId, endpoint, storage });
const provider = credentials({ identityPoolId, endpoint, client, storage });
const toOrders = signedFetch({ credentials: provider, service: 'orders' });
const toSts = signedFetch({ credentials: provider, service: 'sts' });

// For whoever looks in from outside.
globalThis.page = {
  enter: (username, password) => signIn(client, { username, password }).then(({ step }) => step),
  leave: () => signOut(client),
  key: () => provider().then(({ accessKeyId }) => accessKeyId),
  async order(number, change) {
    const init = change && { method: 'PUT', body: JSON.stringify(change) };
    const response = await toOrders(`${orders}/${number}`, init);
    return [response.status, await response.json()];
  },
  async caller() {
    const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
    return (await toSts(endpoint, { method: 'POST', body })).text();
  },
};
