//! A small bundle with everything that one can have.

use std::io::Cursor;

use domain::record::ledger::{LedgerLine, LineContent, SegmentNumber, Sha256};
use domain::record::recording_id::RecordingId;
use evidence::{
    ANCHORS, AnchorForm, BundleWriter, Ed25519Key, Envelope, FACTS, FORMAT, FactReference, Finding, HOLDS, HeadForm,
    Manifest, PAGE, PAGE_VERSION, PageHead, Proof, RECORDINGS, Selected, UNKNOWNS, VERSION, VerifyingKey, content_name,
    segment_name, verify, write_page,
};

pub const CONTENT: &[u8] = b"the moving pictures";
pub const ID: &str = "rec_01kjpyph1yv56czgxgxa6hk7hq";
pub const RECORD: &str = "{\"time\":\"2026-03-02T09:12:44Z\",\"properties\":{\"tunnelId\":\"t1\"}}";
/// Made for this test by `openssl genpkey -algorithm ed25519`.
pub const SECRET: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

/// Parts of a bundle that tests change.
#[derive(Clone)]
pub struct Parts {
    pub content: Vec<u8>,
    pub recordings: Vec<u8>,
    pub holds: Vec<u8>,
    pub ledger: Vec<u8>,
    pub facts: Vec<u8>,
    pub anchors: Vec<u8>,
    pub unknown: Vec<u8>,
    pub head: HeadForm,
    pub is_signed: bool,
}

pub fn key() -> Ed25519Key {
    Ed25519Key::from_pem(SECRET).unwrap()
}

/// Returns the lines of a segment with these facts, and the head behind each line.
pub fn segment(facts: &[String]) -> (Vec<u8>, Vec<HeadForm>) {
    segment_with(facts, false)
}

/// Like [`segment`], with or without a closing line.
pub fn segment_with(facts: &[String], is_closed: bool) -> (Vec<u8>, Vec<HeadForm>) {
    let at = "2026-03-02T10:00:00Z".parse().unwrap();
    let (mut bytes, mut heads, mut prev) = (Vec::new(), Vec::new(), Sha256::NOTHING);
    let opening = LineContent::Opening { segment: SegmentNumber::FIRST, torn: None };
    let bodies = std::iter::once(opening).chain(facts.iter().map(|fact| LineContent::fact(fact).unwrap()));
    for (seq, body) in (0..).zip(bodies.chain(is_closed.then_some(LineContent::Closing))) {
        let line = LedgerLine::new(seq, at, prev, body);
        bytes.extend(line.text().into_bytes());
        prev = line.hash;
        heads.push(HeadForm { segment: "000001".to_owned(), seq, at: at.to_string(), hash: line.hash.to_string() });
    }
    (bytes, heads)
}

pub fn hashed(id: &str, content: &[u8]) -> String {
    hashed_as(id, content, "0x1")
}

/// Returns the fact of the hash of a version.
pub fn hashed_as(id: &str, content: &[u8], etag: &str) -> String {
    let sha256 = Sha256::of(content);
    format!(
        r#"{{"id":"fct_5ea03bx1gnapvtb6ynaddx5rhv","at":"2026-03-02T10:00:00Z","kind":"recording.hashed","recording":"{id}","account":"st","container":"recordings","name":"vm-user","etag":"{etag}","size":{},"sha256":"{sha256}"}}"#,
        content.len()
    )
}

pub fn line(id: &str, content: &[u8], audit: &str) -> String {
    let (sha256, size, file) = (Sha256::of(content), content.len(), content_name(RecordingId::parse(id).unwrap()));
    format!(
        r#"{{"schema":1,"id":"{id}","as_of":"2026-03-02T10:00:00Z","recording":{{"id":"{id}","state":"settled","match":"matched","person":"ada@contoso.example","bastion":"hub","account":"st","container":"recordings","name":"vm-<b>user</b>","created_at":null,"last_modified":null,"size_bytes":{size},"etag":"0x1","content_sha256":"{sha256}","session":null,"retention":null,"holds":[],"deletion":null}},"sessions":[],"audit":{audit},"accesses":{{"logged":true,"items":[],"older":0,"has_more_older":false}},"reviews":[],"policy":null,"content":{{"file":"{file}","size":{size},"sha256":"{sha256}","unknown":null}}}}"#
    ) + "\n"
}

fn audit() -> String {
    let (sha256, end) = (Sha256::of(RECORD.as_bytes()), 7 + RECORD.len());
    let text = RECORD.replace('"', "\\\"");
    format!(
        r#"{{"sessions":[{{"tunnel_id":"t1","unknown":null}}],"records":[{{"tunnel_id":"t1","account":"staudit","container":"logs","log":"PT1H.json","begin":7,"end":{end},"sha256":"{sha256}","text":"{text}"}}],"unread":[],"left_out":0}}"#
    )
}

impl Default for Parts {
    fn default() -> Self {
        let (ledger, heads) = segment(&[hashed(ID, CONTENT)]);
        let reference = FactReference {
            about: ID.to_owned(),
            kind: "recording.hashed".to_owned(),
            fact: "fct_5ea03bx1gnapvtb6ynaddx5rhv".to_owned(),
            segment: "000001".to_owned(),
            seq: 1,
        };
        let head = heads.last().unwrap().clone();
        let anchor = anchor(&head);
        Self {
            content: CONTENT.to_vec(),
            recordings: line(ID, CONTENT, &audit()).into_bytes(),
            holds: b"{\"id\":\"hold_1\",\"case\":\"C1\"}\n".to_vec(),
            ledger,
            facts: reference.line().into_bytes(),
            anchors: format!("{}\n", serde_json::to_string(&anchor).unwrap()).into_bytes(),
            unknown: Vec::new(),
            head,
            is_signed: true,
        }
    }
}

pub fn anchor(head: &HeadForm) -> AnchorForm {
    AnchorForm { head: head.clone(), sent_at: "2026-03-03T00:00:00Z".to_owned(), notification: "ntf_1".to_owned() }
}

impl Parts {
    pub fn manifest(&self) -> Manifest {
        Manifest {
            format: FORMAT.to_owned(),
            version: VERSION,
            as_of: "2026-03-02T10:00:00Z".to_owned(),
            selection: vec![Selected { option: "recording".to_owned(), value: ID.to_owned() }],
            recordings: self.recordings.split(|byte| *byte == b'\n').count() as u64 - 1,
            with_content: true,
            page: PAGE_VERSION,
            head: Some(self.head.clone()),
            anchor: self
                .anchors
                .split(|byte| *byte == b'\n')
                .filter_map(|line| serde_json::from_slice(line).ok())
                .next_back(),
            files: Vec::new(),
        }
    }

    /// Returns the files before the manifest.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let [id, first] = [content_name(RecordingId::parse(ID).unwrap()), segment_name(SegmentNumber::FIRST)];
        let mut page = Vec::new();
        let lines = |bytes: &[u8]| bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
        let unknown: Vec<_> = lines(&self.unknown).iter().map(|line| serde_json::from_slice(line).unwrap()).collect();
        let mut recordings = lines(&self.recordings).into_iter();
        let manifest = self.manifest();
        let mut write = |piece: &[u8]| {
            page.extend_from_slice(piece);
            Ok(())
        };
        write_page(&PageHead::of(&manifest), &unknown, || Ok(recordings.next()), &mut write).unwrap();
        let all = [
            (id.as_str(), &self.content),
            (RECORDINGS, &self.recordings),
            (HOLDS, &self.holds),
            (ANCHORS, &self.anchors),
            (&first, &self.ledger),
            (FACTS, &self.facts),
            (UNKNOWNS, &self.unknown),
            (PAGE, &page),
        ];
        all.map(|(name, bytes)| (name.to_owned(), bytes.clone())).to_vec()
    }

    /// Writes the bundle.
    pub fn bundle(&self) -> Vec<u8> {
        self.bundle_of(&self.files(), &self.manifest())
    }

    /// Writes a bundle of these files and this manifest, which gets their hashes.
    pub fn bundle_of(&self, files: &[(String, Vec<u8>)], manifest: &Manifest) -> Vec<u8> {
        written(files, |writer| {
            let manifest = writer.manifest(manifest.clone()).unwrap();
            self.is_signed.then(|| Envelope::sign(&manifest, &key()))
        })
    }
}

/// Writes these files, and behind them what `close` writes, with the signature that it returns.
pub fn written(
    files: &[(String, Vec<u8>)],
    close: impl FnOnce(&mut BundleWriter<Cursor<Vec<u8>>>) -> Option<Envelope>,
) -> Vec<u8> {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.file(name, bytes).unwrap();
    }
    let envelope = close(&mut writer);
    let (output, length) = writer.finish(envelope.as_ref()).unwrap();
    let mut bytes = output.into_inner();
    bytes.truncate(usize::try_from(length).unwrap());
    bytes
}

/// Verifies a bundle with the right key.
pub fn checked(bytes: &[u8]) -> (Proof, Vec<Finding>) {
    checked_with(bytes, Some(key().public()), None)
}

pub fn checked_with(bytes: &[u8], key: Option<&VerifyingKey>, head: Option<Sha256>) -> (Proof, Vec<Finding>) {
    let mut findings = Vec::new();
    let proof = verify(bytes, key, head, &mut |finding| findings.push(finding)).unwrap();
    (proof, findings)
}
