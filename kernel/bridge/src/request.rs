//! How does a request come in? As lines of text and a body.

use kernel::Request;

/// Reads a request: `head` is one line each for the method and the URL, then two for each header,
/// its (lower-case) name and its value; none of them can hold a line's end. The header `address`, if
/// there is one to be trusted, says who is at the other end.
#[must_use]
pub fn read(head: &[u8], body: Vec<u8>, address: Option<&str>) -> Option<Request> {
    let mut lines = std::str::from_utf8(head).ok()?.split('\n');
    let method = lines.next()?.to_owned();
    let (origin, path, query) = split(lines.next()?)?;
    let mut headers = Vec::with_capacity(24);
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        headers.push((name.to_owned(), value.to_owned()));
    }
    let address = address.and_then(|trusted| headers.iter().find(|(name, _)| name == trusted));
    let address = address.map(|(_, value)| value.clone()).unwrap_or_default();
    Some(Request {
        method,
        origin: origin.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body,
        address,
    })
}

/// The origin, path and query of a URL in the form that runtimes give it.
fn split(url: &str) -> Option<(&str, &str, &str)> {
    let host = url.find("://")? + 3;
    let path = url.get(host..)?.find('/')? + host;
    let (origin, rest) = url.split_at_checked(path)?;
    let rest = rest.split('#').next()?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some((origin, path, query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_from_its_lines() {
        let head = "POST\nhttps://id.example.com:8443/a%20b?c=d?e\nx-amz-date\nnow: or never\nx-address\n192.0.2.1";
        let read = |address| read(head.as_bytes(), b"{}".to_vec(), address).unwrap();
        let request = read(Some("x-address"));
        assert_eq!(request.method, "POST");
        assert_eq!(request.origin, "https://id.example.com:8443");
        assert_eq!((request.path.as_str(), request.query.as_str()), ("/a%20b", "c=d?e"));
        assert!(request.headers.contains(&("x-amz-date".into(), "now: or never".into())));
        assert_eq!(request.address, "192.0.2.1");
        assert_eq!(read(None).address, "");
        assert_eq!(read(Some("x-other")).address, "");
    }

    #[test]
    fn an_empty_value_is_still_a_header() {
        let request = read(b"GET\nhttp://localhost/\nx-empty\n", Vec::new(), None).unwrap();
        assert_eq!(request.headers, [("x-empty".into(), String::new())]);
        assert_eq!((request.path.as_str(), request.query.as_str()), ("/", ""));
    }

    #[test]
    fn what_has_no_path_is_no_request() {
        assert!(read(b"GET\nhttp://localhost", Vec::new(), None).is_none());
        assert!(read(b"GET", Vec::new(), None).is_none());
        assert!(read(b"GET\nhttp://\xff/", Vec::new(), None).is_none());
    }
}
