//! Which group the arithmetic lives in: the prime `N`, and what is derived from it once.
//!
//! `N` is the 3072-bit MODP prime of RFC 3526 §4 (RFC 5054 appendix A takes it over, with generator 5
//! where Cognito has 2).

use super::montgomery::{Integer, LIMB_BITS, LIMBS, MASK, Padded};

/// Bytes of a number below `N`.
pub(super) const BYTES: usize = 384;

/// `N`, big-endian.
pub(super) const MODULUS: [u8; BYTES] = from_hex(
    b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
      EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
      EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
      83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
      E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
      15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
      ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
      BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
);

/// The limbs of `N`.
pub(super) const MODULUS_LIMBS: Integer = limbs(&MODULUS);

/// `N + 1`: 64 zero bits below the rest.
pub(super) static SUCCESSOR: Padded = successor(MODULUS_LIMBS).padded();

/// The square of Montgomery's radix, `2^6272 mod N`.
pub(super) const RADIX_SQUARED: Integer = limbs(&from_hex(
    b"C5E74AEC4431EFB27459742FAE5905C1629C4BBA7E32D49EABEA8FC225071FBE129C7AD59A26BAABAEE2485A797C08D2\
      03D281ABDCC5A2E4AC0AE4496AB9E8756B6449C1D0D87E04745423E607E355A775307F156EC9ED070280ACB14295D549\
      C02309AA4FED242F59080FB7EA489E603B1A3FFB7F060D37EA97EEF1D9FDE9733F88FC63E221838DA80708013BEC65B0\
      8F09184DBC84672DCAB681ABB506E97B12B077515EB64EFE6B0BE963C27A1F9A8F9EE22704E7AC0E01A05B11BCC4C874\
      5CD4BAAF5CA41C1BCFFDB6353CE3966F12E2B6E842530CEDB60FF8B263C3728C581AF13C0E386D3079DD2D80CA377BB2\
      6012C92945EA241F11B69F1277674AC49E48F2EEDF1AAA92825DE9F67BD627B435E9802DEAD6BC0231DAD39741D8AA9E\
      B418B7D1015E69630C00C7EB6DF026305C152AE4DACA4F7C71A7A666D9AF17F92B76124AB39F13D2B70F8F6559409DB1\
      A8C369E5013EEF39EC61C4155EE0AA851ECB462459CB9F5E86C3C48E1E17D4C0FD8A4771A2DF3A7E5840647B2C909A94",
));

/// The limbs of a big-endian number.
pub(super) const fn limbs(bytes: &[u8; BYTES]) -> Integer {
    let mut limbs = [0; LIMBS];
    let (mut limb, mut held, mut width) = (0, 0, 0);
    let mut index = BYTES;
    while index > 0 {
        index -= 1;
        held |= (bytes[index] as u64) << width;
        width += u8::BITS;
        if width >= LIMB_BITS {
            limbs[limb] = (held & MASK) as u32;
            limb += 1;
            held >>= LIMB_BITS;
            width -= LIMB_BITS;
        }
    }
    limbs[limb] = (held & MASK) as u32;
    Integer(limbs)
}

const fn successor(mut integer: Integer) -> Integer {
    let mut carry = 1;
    let mut index = 0;
    while index < LIMBS {
        let sum = integer.0[index] as u64 + carry;
        integer.0[index] = (sum & MASK) as u32;
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
