// The pools in which clients are led along every edge, and what they can not know by themselves.

import { once } from 'node:events';
import { createServer } from 'node:http';

import { Authenticator } from '../../sdk/authenticator.mjs';
import {
  admin,
  anotherCode,
  anyone,
  codeSentTo,
  createClient,
  createPool,
  createUser,
  PASSWORD,
  unique,
  uniqueEmail,
} from '../../sdk/world.mjs';

const ROLE = 'arn:aws:iam::123456789012:role/sms';
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:';

/** What each function does with its event, by the first word of the source. */
const FUNCTIONS = {
  DefineAuthChallenge({ request, response }) {
    const last = request.session.at(-1);
    if (last?.challengeName === 'SRP_A') response.challengeName = 'PASSWORD_VERIFIER';
    else if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) {
      response.issueTokens = true;
    } else response.challengeName = 'CUSTOM_CHALLENGE';
  },
  CreateAuthChallenge({ response }) {
    response.publicChallengeParameters = { question: '6 * 7' };
    response.privateChallengeParameters = { answer: '42' };
  },
  VerifyAuthChallengeResponse({ request, response }) {
    response.answerCorrect = request.challengeAnswer === request.privateChallengeParameters.answer;
  },
};

async function functions() {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const event = JSON.parse(body);
    FUNCTIONS[event.triggerSource.split('_')[0]](event);
    response.end(JSON.stringify(event));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function pool(MfaConfiguration, settings = {}) {
  const userPoolId = await createPool({
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
    ...settings,
  });
  await admin.setUserPoolMfaConfig({
    UserPoolId: userPoolId,
    MfaConfiguration,
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: ROLE } },
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: {},
    WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
  });
  const flows = ['CUSTOM_AUTH', 'REFRESH_TOKEN_AUTH', 'USER_AUTH', 'USER_PASSWORD_AUTH', 'USER_SRP_AUTH'];
  const ExplicitAuthFlows = flows.map((flow) => `ALLOW_${flow}`);
  const { ClientId: userPoolClientId } = await createClient(userPoolId, { ExplicitAuthFlows });
  return { userPoolId, userPoolClientId };
}

let phones = 0;

/** Makes the pools. `ask` answers what a user would know, in words that fit through a browser's door. */
export async function furnish() {
  const server = await functions();
  const led = {
    LambdaConfig: Object.fromEntries(Object.keys(FUNCTIONS).map((name) => [name, ARN + name])),
    UserPoolTags: { 'cognate:triggers': `http://127.0.0.1:${server.address().port}/` },
  };
  const DeviceConfiguration = {
    ChallengeRequiredOnNewDevice: true,
    DeviceOnlyRememberedOnUserPrompt: true,
  };
  const AllowedFirstAuthFactors = ['PASSWORD', 'WEB_AUTHN'];
  const pools = {
    optional: await pool('OPTIONAL'),
    required: await pool('ON'),
    devices: await pool('OPTIONAL', { DeviceConfiguration }),
    led: await pool('OPTIONAL', led),
    passkeys: await pool('OPTIONAL', { Policies: { SignInPolicy: { AllowedFirstAuthFactors } } }),
  };
  const apps = new Map();
  const of = (name, Username) => ({ UserPoolId: pools[name].userPoolId, Username });

  const answers = {
    pool: (name) => pools[name],
    async user(name, { isBare = false } = {}) {
      const settings = isBare ? { UserAttributes: [] } : {};
      const { username, email } = await createUser(pools[name].userPoolId, settings);
      if (isBare) return { username, password: PASSWORD };
      phones += 1;
      const phone = `+1206${String((Date.now() % 100_000) * 100 + phones).padStart(7, '0').slice(-7)}`;
      const verified = { Name: 'phone_number_verified', Value: 'true' };
      const UserAttributes = [{ Name: 'phone_number', Value: phone }, verified];
      await admin.adminUpdateUserAttributes({ ...of(name, username), UserAttributes });
      return { username, email, phone, password: PASSWORD };
    },
    async invited(name) {
      const username = unique();
      const TemporaryPassword = 'Temporary-7';
      const quiet = { MessageAction: 'SUPPRESS', TemporaryPassword };
      await admin.adminCreateUser({ ...of(name, username), ...quiet });
      return { username, password: TemporaryPassword, newPassword: PASSWORD };
    },
    async newcomer(name) {
      const [username, email] = [unique(), uniqueEmail()];
      const UserAttributes = [{ Name: 'email', Value: email }];
      const ClientId = pools[name].userPoolClientId;
      await anyone.signUp({ ClientId, Username: username, Password: PASSWORD, UserAttributes });
      return { username, email, password: PASSWORD };
    },
    async reset(name, username) {
      await admin.adminResetUserPassword(of(name, username));
    },
    prefer(name, username, settings) {
      const enabled = settings.map((setting) => [setting, { Enabled: true }]);
      return admin.adminSetUserMFAPreference({ ...of(name, username), ...Object.fromEntries(enabled) });
    },
    email: uniqueEmail,
    sent: codeSentTo,
    async app(secret) {
      if (!apps.has(secret)) apps.set(secret, new Authenticator(secret));
      return await apps.get(secret).code();
    },
    another: anotherCode,
  };
  const ask = async (what, ...given) => (await answers[what](...given)) ?? null;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { ask, close };
}
