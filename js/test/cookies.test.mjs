import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cookieStorage } from 'cognate/client';

/** What a browser would do with the cookies of a server's answers. */
class Browser {
  cookies = new Map();
  sent = [];

  jar() {
    const header = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    return { read: () => header, write: (cookie) => this.take(cookie) };
  }

  take(cookie) {
    this.sent.push(cookie);
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
    if (/; Max-Age=0;/.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

const LONG = JSON.stringify({ text: 'ä;"= '.repeat(2000) });

test('a long session comes back from cookies, in this request and the next', () => {
  const browser = new Browser();
  const storage = cookieStorage({ jar: browser.jar() });
  assert.equal(storage.get('k'), null);
  storage.set('k', LONG);
  assert.equal(storage.get('k'), LONG);
  assert.ok(browser.cookies.size > 3);
  for (const cookie of browser.sent) assert.ok(cookie.length < 4096);
  assert.equal(cookieStorage({ jar: browser.jar() }).get('k'), LONG);
});

test('a shorter session leaves nothing of a longer one, and signing out nothing at all', () => {
  const browser = new Browser();
  cookieStorage({ jar: browser.jar() }).set('k', LONG);
  cookieStorage({ jar: browser.jar() }).set('k', 'short');
  assert.equal(browser.cookies.size, 1);
  const last = cookieStorage({ jar: browser.jar() });
  last.remove('k');
  assert.equal(browser.cookies.size, 0);
  assert.equal(last.get('k'), null);
});

test('parts of different sessions do not become one', () => {
  const [one, other] = [new Browser(), new Browser()];
  cookieStorage({ jar: one.jar() }).set('k', LONG);
  cookieStorage({ jar: other.jar() }).set('k', LONG);
  one.cookies.set('k.1', other.cookies.get('k.1'));
  assert.throws(() => cookieStorage({ jar: one.jar() }).get('k'));
  one.cookies.delete('k.1');
  assert.throws(() => cookieStorage({ jar: one.jar() }).get('k'));
  one.cookies.set('k.0', 'rubbish');
  assert.throws(() => cookieStorage({ jar: one.jar() }).get('k'));
});

test('cookies are set as they are asked to be, and safe if nobody asks', () => {
  const browser = new Browser();
  cookieStorage({ jar: browser.jar() }).set('k', 'v');
  assert.match(browser.sent[0], /; Path=\/; Max-Age=2592000; SameSite=Lax; Secure$/);
  const options = { path: '/a', domain: 'example.com', sameSite: 'strict', secure: false, maxAgeS: 9 };
  cookieStorage({ jar: browser.jar(), ...options }).set('k', 'v');
  assert.match(browser.sent.at(-1), /; Path=\/a; Max-Age=9; SameSite=Strict; Domain=example.com$/);
});

test('what does not fit into cookies is refused whole', () => {
  const browser = new Browser();
  const storage = cookieStorage({ jar: browser.jar() });
  assert.throws(() => storage.set('k', 'x'.repeat(100_000)));
  assert.equal(browser.sent.length, 0);
});
