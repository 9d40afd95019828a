// Every step of a sign-in that Amplify knows, in Node and in browsers.

import { Amplify } from 'aws-amplify';
import {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  fetchDevices,
  fetchMFAPreference,
  forgetDevice,
  rememberDevice,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from 'aws-amplify/auth';

function same(found, wanted) {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${other} was wanted, ${one} found`);
}

/**
 * Takes every step. `ask` knows what users know; `storage` is put to use once Amplify is configured, and
 * forgets all. Gives the steps.
 */
export async function walk(endpoint, ask, storage) {
  const steps = new Set();

  async function at(name) {
    const Cognito = { ...(await ask('pool', name)), userPoolEndpoint: endpoint };
    Amplify.configure({ Auth: { Cognito } });
    storage.use();
  }

  function see({ nextStep }, wanted) {
    steps.add(nextStep.signInStep);
    same(nextStep.signInStep, wanted);
    return nextStep;
  }

  /** Begins afresh. */
  async function begin({ username, password }, wanted, options = {}) {
    storage.clear();
    return see(await signIn({ username, password, options }), wanted);
  }

  async function answer(challengeResponse, wanted, options = {}) {
    return see(await confirmSignIn({ challengeResponse, options }), wanted);
  }

  async function app() {
    await at('optional');
    const user = await ask('user', 'optional');
    await begin(user, 'DONE');
    const { sharedSecret } = await setUpTOTP();
    await verifyTOTPSetup({ code: await ask('app', sharedSecret) });
    await updateMFAPreference({ totp: 'PREFERRED' });
    const { enabled, preferred } = await fetchMFAPreference();
    same([enabled, preferred], [['TOTP'], 'TOTP']);
    for (const authFlowType of ['USER_SRP_AUTH', 'USER_PASSWORD_AUTH']) {
      await begin(user, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE', { authFlowType });
      await answer(await ask('app', sharedSecret), 'DONE');
    }
  }

  async function codes() {
    await at('optional');
    const user = await ask('user', 'optional');
    await begin(user, 'DONE');
    await updateMFAPreference({ sms: 'ENABLED', email: 'ENABLED' });
    for (const [choice, step, address] of [
      ['SMS', 'CONFIRM_SIGN_IN_WITH_SMS_CODE', user.phone],
      ['EMAIL', 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE', user.email],
    ]) {
      await begin(user, 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION');
      await answer(choice, step);
      await answer(await ask('sent', address), 'DONE');
    }
  }

  async function setUps() {
    await at('required');
    const one = await ask('user', 'required', { isBare: true });
    await begin(one, 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION');
    const { totpSetupDetails } = await answer('TOTP', 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP');
    await answer(await ask('app', totpSetupDetails.sharedSecret), 'DONE');
    const other = await ask('user', 'required', { isBare: true });
    await begin(other, 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION');
    await answer('EMAIL', 'CONTINUE_SIGN_IN_WITH_EMAIL_SETUP');
    const email = await ask('email');
    await answer(email, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
    await answer(await ask('sent', email), 'DONE');
  }

  async function choices() {
    await at('optional');
    const user = await ask('user', 'optional');
    const options = { authFlowType: 'USER_AUTH' };
    const bare = { username: user.username };
    const choosing = () => begin(bare, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION', options);
    for (const [choice, step, address] of [
      ['EMAIL_OTP', 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE', user.email],
      ['SMS_OTP', 'CONFIRM_SIGN_IN_WITH_SMS_CODE', user.phone],
    ]) {
      await choosing();
      await answer(choice, step);
      await answer(await ask('sent', address), 'DONE');
      await begin(bare, step, { ...options, preferredChallenge: choice });
      await answer(await ask('sent', address), 'DONE');
    }
    for (const choice of ['PASSWORD', 'PASSWORD_SRP']) {
      await choosing();
      await answer(choice, 'CONFIRM_SIGN_IN_WITH_PASSWORD');
      await answer(user.password, 'DONE');
      await begin(user, 'DONE', { ...options, preferredChallenge: choice });
    }
  }

  async function passwords() {
    await at('optional');
    const invited = await ask('invited', 'optional');
    await begin(invited, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
    await answer(invited.newPassword, 'DONE');
    const newcomer = await ask('newcomer', 'optional');
    await begin(newcomer, 'CONFIRM_SIGN_UP');
    const { username } = newcomer;
    await confirmSignUp({ username, confirmationCode: await ask('sent', newcomer.email) });
    await begin(newcomer, 'DONE');
    await ask('reset', 'optional', username);
    await begin(newcomer, 'RESET_PASSWORD');
    const password = 'Another-Horse-8';
    const confirmationCode = await ask('sent', newcomer.email);
    await confirmResetPassword({ username, confirmationCode, newPassword: password });
    await begin({ username, password }, 'DONE');
  }

  async function functions() {
    await at('led');
    const user = await ask('user', 'led');
    for (const [who, authFlowType] of [
      [{ username: user.username }, 'CUSTOM_WITHOUT_SRP'],
      [user, 'CUSTOM_WITH_SRP'],
    ]) {
      const step = await begin(who, 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE', { authFlowType });
      same(step.additionalInfo.question, '6 * 7');
      await answer('41', 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE');
      await answer('42', 'DONE');
    }
    await ask('prefer', 'led', user.username, ['EmailMfaSettings']);
    await begin(user, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE', { authFlowType: 'CUSTOM_WITH_SRP' });
    await answer(await ask('sent', user.email), 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE');
    await answer('42', 'DONE');
  }

  async function devices() {
    await at('devices');
    const user = await ask('user', 'devices');
    await begin(user, 'DONE');
    await updateMFAPreference({ sms: 'PREFERRED' });
    await rememberDevice();
    same((await fetchDevices()).length, 1);
    await signOut();
    const again = { username: user.username, password: user.password };
    see(await signIn(again), 'DONE');
    const { tokens } = await fetchAuthSession({ forceRefresh: true });
    const [device] = await fetchDevices();
    same(tokens.accessToken.payload.device_key, device.id);
    await forgetDevice();
    same(await fetchDevices(), []);
    await signOut();
    see(await signIn(again), 'CONFIRM_SIGN_IN_WITH_SMS_CODE');
    await answer(await ask('sent', user.phone), 'DONE');
  }

  for (const part of [app, codes, setUps, choices, passwords, functions, devices]) {
    try {
      await part();
    } catch (cause) {
      throw new Error(`${part.name}: ${cause.name} ${cause.message}`, { cause });
    }
  }
  storage.clear();
  return [...steps].sort();
}
