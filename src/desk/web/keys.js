/* keys.js - the agent's half of the key agreement, with the browser's own cryptography
 *
 * The same schedule as src/wire/pfa-guided-keys.c; src/wire/README.md describes it and
 * src/wire/pfa-guided-vectors.json checks both.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const curve = { name: "ECDH", namedCurve: "P-256" };

export const KEY_SIZE = 65;
export const NONCE_SIZE = 32;

export const toBase64 = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
export const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
export const toHex = (bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

const join = (...pieces) => {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
const hash = async (...pieces) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", join(...pieces)));

export const hashText = async (...texts) =>
  toHex(await hash(...texts.map((text) => encoder.encode(text))));

export const computeCommitment = (publicKey, nonce) =>
  hash(encoder.encode("posaid-commit-v1"), publicKey, nonce);

const counterOf = (seq) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(seq));
  return bytes;
};

/* Compares without telling by its time where two texts differ. */
export const isSame = (one, other) => {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one[i] ^ (other[i] ?? 0);
  return difference === 0;
};

export class Keys {
  static async make(role, fixed) {
    const self = new Keys();
    self.role = role;
    self.lastSealed = 0;
    self.pair = fixed?.pair ?? (await crypto.subtle.generateKey(curve, false, ["deriveBits"]));
    self.publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", self.pair.publicKey));
    self.nonce = fixed?.nonce ?? crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
    return self;
  }

  async agree(peerKey, peerNonce, session) {
    if (peerKey.length !== KEY_SIZE || peerNonce.length !== NONCE_SIZE)
      throw new Error("the other side's half has the wrong size");
    /* importKey refuses what does not lie on the curve. */
    const peer = await crypto.subtle.importKey("raw", peerKey, curve, false, []);
    const secret = await crypto.subtle.deriveBits(
      { name: "ECDH", public: peer }, this.pair.privateKey, 256);
    const mine = this.role === "merchant";
    const halves = join(
      mine ? this.publicKey : peerKey, mine ? peerKey : this.publicKey,
      mine ? this.nonce : peerNonce, mine ? peerNonce : this.nonce, encoder.encode(session));
    const salt = await hash(encoder.encode("posaid-salt-v1"), halves);
    const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
    const derive = (info, use) => crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(info) },
      base, { name: "AES-GCM", length: 256 }, false, [use]);
    const toAgent = "posaid-guided-v1 merchant to agent";
    const toMerchant = "posaid-guided-v1 agent to merchant";
    this.sealKey = await derive(mine ? toAgent : toMerchant, "encrypt");
    this.openKey = await derive(mine ? toMerchant : toAgent, "decrypt");
    const compare = await hash(encoder.encode("posaid-compare-v1"), halves);
    const number = new DataView(compare.buffer).getBigUint64(0) % 1000000n;
    this.comparison = String(number).padStart(6, "0");
    this.pair = null;
  }

  cipher(seq) {
    const counter = counterOf(seq);
    return { name: "AES-GCM", iv: join(new Uint8Array(4), counter), additionalData: counter };
  }

  async seal(seq, text) {
    if (seq <= this.lastSealed) throw new Error("a frame number was about to be used twice");
    this.lastSealed = seq;
    return new Uint8Array(
      await crypto.subtle.encrypt(this.cipher(seq), this.sealKey, encoder.encode(text)));
  }

  async open(seq, sealed) {
    return decoder.decode(await crypto.subtle.decrypt(this.cipher(seq), this.openKey, sealed));
  }
}
