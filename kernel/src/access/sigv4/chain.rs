//! How are the pieces of a body signed that is not known when its head is sent? Each over the
//! signature before it, so that none can be left out, changed or put elsewhere.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>

use alloc::{format, string::String};

use super::canonical::hex;
use crate::crypto::{hmac_sha256, same, sha256};

/// Where the signatures of a body have come to; the first goes on from the request's.
pub(crate) struct Chain {
    pub(super) key: [u8; 32],
    pub(super) scope: String,
    pub(super) signed_at: String,
    pub(super) signature: String,
}

impl Chain {
    /// Whether that is the signature of the next chunk, of which this is the hash.
    pub(crate) fn takes_chunk(&mut self, hash: &[u8; 32], signature: &str) -> bool {
        let hashes = format!("{}\n{}", hex(&sha256(&[])), hex(hash));
        self.takes("AWS4-HMAC-SHA256-PAYLOAD", &hashes, signature)
    }

    /// Whether that is the signature of the lines after the last chunk.
    pub(crate) fn takes_trailer(&mut self, lines: &[u8], signature: &str) -> bool {
        self.takes("AWS4-HMAC-SHA256-TRAILER", &hex(&sha256(&[lines])), signature)
    }

    fn takes(&mut self, algorithm: &str, hashes: &str, signature: &str) -> bool {
        let Self { key, scope, signed_at, signature: before } = self;
        let text = format!("{algorithm}\n{signed_at}\n{scope}\n{before}\n{hashes}");
        self.signature = hex(&hmac_sha256(key, &[text.as_bytes()]));
        same(self.signature.as_bytes(), signature.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    /// The example of AWS's documentation: 66,560 bytes in chunks of 64 KiB.
    fn chain() -> Chain {
        let secret = "AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let parts = ["20130524", "us-east-1", "s3", "aws4_request"];
        let key = parts.iter().fold(secret.as_bytes().to_vec(), |key, part| {
            hmac_sha256(&key, &[part.as_bytes()]).to_vec()
        });
        Chain {
            key: key.try_into().unwrap(),
            scope: "20130524/us-east-1/s3/aws4_request".into(),
            signed_at: "20130524T000000Z".into(),
            signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9".into(),
        }
    }

    const FIRST: &str = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    const SECOND: &str = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
    const LAST: &str = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";

    #[test]
    fn chunks_are_signed_as_aws_documents() {
        let mut chain = chain();
        let [first, second] = [65_536, 1024].map(|len| sha256(&[&vec![b'a'; len]]));
        assert!(chain.takes_chunk(&first, FIRST));
        assert!(chain.takes_chunk(&second, SECOND));
        assert!(chain.takes_chunk(&sha256(&[]), LAST));
    }

    #[test]
    fn a_chunk_is_good_in_its_place_alone() {
        let [first, second] = [65_536, 1024].map(|len| sha256(&[&vec![b'a'; len]]));
        assert!(!chain().takes_chunk(&second, SECOND));
        assert!(!chain().takes_chunk(&first, SECOND));
        let mut repeated = chain();
        assert!(repeated.takes_chunk(&first, FIRST));
        assert!(!repeated.takes_chunk(&first, FIRST));
    }
}
