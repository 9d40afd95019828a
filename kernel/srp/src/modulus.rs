//! Which group the arithmetic lives in: the prime `N`, and what is derived from it once.
//!
//! `N` is the 3072-bit MODP prime of RFC 3526 §4. RFC 5054 appendix A takes it over, with
//! generator 5 where Cognito has 2.

use super::montgomery::{BLOCK, Integer, LIMB_BITS, LIMBS, MASK, Padded};

/// Bytes of a number below `N`.
pub(super) const BYTES: usize = 384;

/// `N`, big-endian.
pub(super) const MODULUS: [u8; BYTES] = from_hex(
    b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74\
      020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437\
      4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
      EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05\
      98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB\
      9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
      E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718\
      3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33\
      A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
      ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864\
      D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2\
      08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
);

/// The limbs of `N`.
pub(super) const MODULUS_LIMBS: Integer = limbs(&MODULUS);

/// `N + 1`: 64 zero bits below the rest.
pub(super) static SUCCESSOR: Padded = successor(MODULUS_LIMBS).padded();

/// The lowest limbs of `N + 1`.
pub(super) const LOW_SUCCESSOR: [u64; BLOCK] = {
    let mut low = [0; BLOCK];
    let mut index = 0;
    while index < BLOCK {
        low[index] = successor(MODULUS_LIMBS).0[index] as u64;
        index += 1;
    }
    low
};

/// The square of Montgomery's radix, `2^6336 mod N`.
pub(super) const RADIX_SQUARED: Integer = limbs(&from_hex(
    b"9ED1E3B6C12958FCF0D02ECC4044576D5881DDDE85412EFAD8B749A947F58DD1\
      20C7C232C20B9BCC286787F904E2E73FB2BD17D76526F2CED16DBC0DCF223DEE\
      DE6CCAB7C759C2850EBD5CD6445DC4A3121F325C4548F759B1CF90482E03BBF0\
      CCEE551AEDE3F7B965D8064C2B74A69DBC76E8727861D14EB2B3E4A1B00867A4\
      B3776E811806CD4B045E7C2B389EB0D79471612DC3963142F33D5DC8D3F32682\
      E5E035A5293315E51F7549EC14C32727588C72D7DF4B74011C637CC4923CA624\
      00F13995BBA68B23C20D933851C15F2C8121C23801FD6875D14FCC1F715F9070\
      A015B335B5399F4CF113D1193C6821918B5D8DD9AFF0AF815CF092FB31777BF7\
      0BC74F4A7FF4D9B5B32559F6EA867C8252C8E57A1172C42E18C85A49CF386542\
      62FCD265BDC654971E6F871044B5B97EA6433E3CDF9EA4F1615680E0A034DD45\
      F0C0D8856F8F5B18DB2BC9059101D9EAB5975A507B908B881F61ECD90A877DC0\
      AA6C20A9FFFDE47A3C62BFC0B56A7826928378635203846EC5E74AEC4431EFB2",
));

/// The limbs of a big-endian number.
pub(super) const fn limbs(bytes: &[u8; BYTES]) -> Integer {
    let mut limbs = [0; LIMBS];
    let (mut limb, mut held, mut width) = (0, 0, 0);
    let mut index = BYTES;
    while index > 0 {
        index -= 1;
        held |= (bytes[index] as u32) << width;
        width += u8::BITS;
        if width >= LIMB_BITS {
            limbs[limb] = held & MASK;
            limb += 1;
            held >>= LIMB_BITS;
            width -= LIMB_BITS;
        }
    }
    limbs[limb] = held;
    Integer(limbs)
}

const fn successor(mut integer: Integer) -> Integer {
    let mut carry = 1;
    let mut index = 0;
    while index < LIMBS {
        let sum = integer.0[index] + carry;
        integer.0[index] = sum & MASK;
        carry = sum >> LIMB_BITS;
        index += 1;
    }
    integer
}

const fn from_hex(digits: &[u8; 2 * BYTES]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let mut index = 0;
    while index < BYTES {
        bytes[index] = nibble(digits[2 * index]) << 4 | nibble(digits[2 * index + 1]);
        index += 1;
    }
    bytes
}

const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit - b'A' + 10,
    }
}
