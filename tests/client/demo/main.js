// An application that signs users up and in. Which pool, and where, is in the address:
// ?userPoolId=…&clientId=…&endpoint=…

import {
  browserStorage,
  confirmSignUp,
  createClient,
  getSession,
  groups,
  onChange,
  signIn,
  signOut,
  signUp,
} from 'cognate/client';

import { environment } from './environment.js';

const client = createClient({
  ...Object.fromEntries(new URLSearchParams(location.search)),
  storage: browserStorage('local'),
  ...(await environment()),
});

const element = (id) => document.getElementById(id);
let entered;

function show(session) {
  element('enter').hidden = session !== null;
  element('user').hidden = session === null;
  element('name').value = session?.username ?? '';
  element('groups').value = session ? groups(session.idClaims).join(', ') : '';
  element('token').value = session?.accessClaims.jti ?? '';
}

/** Does something, and shows what is wrong with it. */
async function attempt(task) {
  element('error').textContent = '';
  try {
    await task();
  } catch (error) {
    element('error').textContent = `${error.code ?? 'bug'}: ${error.message}`;
  }
}

async function enter() {
  const next = await signIn(client, entered);
  if (next.step !== 'done') throw new Error(`this demo does not know ${next.step}`);
}

element('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  const { username, email, password } = Object.fromEntries(new FormData(event.target));
  entered = { username, password };
  attempt(async () => {
    if (event.submitter.value === 'signIn') return enter();
    await signUp(client, { username, password, attributes: { email } });
    element('confirm').hidden = false;
  });
});

element('confirm').addEventListener('submit', (event) => {
  event.preventDefault();
  const code = new FormData(event.target).get('code');
  attempt(async () => {
    await confirmSignUp(client, { username: entered.username, code });
    element('confirm').hidden = true;
    await enter();
  });
});

element('refresh').addEventListener('click', () =>
  attempt(() => getSession(client, { refresh: true })),
);
element('signOut').addEventListener('click', () => attempt(() => signOut(client)));

onChange(client, show);
await attempt(async () => show(await getSession(client)));
