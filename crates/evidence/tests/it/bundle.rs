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
    let sha256 = Sha256::hash(content);
    format!(
        r#"{{"id":"fct_5ea03bx1gnapvtb6ynaddx5rhv","at":"2026-03-02T10:00:00Z","kind":"recording.hashed","recording":"{id}","account":"st","container":"recordings","name":"vm-<b>user</b>","etag":"{etag}","size":{},"sha256":"{sha256}"}}"#,
        content.len()
    )
}

pub fn line(id: &str, content: &[u8], audit: &str) -> String {
    let (sha256, size, file) = (Sha256::hash(content), content.len(), content_name(RecordingId::parse(id).unwrap()));
    format!(
        r#"{{"schema":1,"id":"{id}","as_of":"2026-03-02T10:00:00Z","recording":{{"id":"{id}","state":"settled","match":"matched","person":"ada@contoso.example","bastion":"hub","account":"st","container":"recordings","name":"vm-<b>user</b>","created_at":null,"last_modified":null,"size_bytes":{size},"etag":"0x1","content_sha256":"{sha256}","session":null,"retention":null,"holds":[],"deletion":null}},"sessions":[],"audit":{audit},"accesses":{{"logged":true,"items":[],"older":0,"has_more_older":false}},"reviews":[],"policy":null,"content":{{"file":"{file}","size":{size},"sha256":"{sha256}","unknown":null}}}}"#
    ) + "\n"
}

fn audit() -> String {
    let (sha256, end) = (Sha256::hash(RECORD.as_bytes()), 7 + RECORD.len());
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
            holds: Vec::new(),
            ledger,
            facts: reference.line().into_bytes(),
            anchors: format!("{}\n", serde_json::to_string(&anchor).unwrap()).into_bytes(),
            unknown: Vec::new(),
            head,
            is_signed: true,
        }
    }
}

/// Line of `recordings.jsonl` with everything that the ledger confirms.
fn full_line() -> String {
    let session = r#""session":{"tunnel_id":"t1","user_name":null,"client_ip":null,"target_resource_id":null,"target_ip":null,"started_at":null,"ended_at":null},"confirmed":{"by":"cleo@contoso.example","at":"2026-03-02T09:50:00Z","reason":"she said so"}"#;
    let hold = r#""holds":[{"hold":"hold_1","case":"C1"}]"#;
    let deletion = r#""deletion":{"at":"2026-03-02T09:58:00Z","tombstone":{"by":"archivist","policy_digest":"sha256:1","class":"pci","rules":["cards"],"approved":{"by":"dora@contoso.example"}}}"#;
    let reviews = r#""reviews":[{"outcome":"finding","by":"bob@contoso.example","verified":true,"at":"2026-03-02T09:55:00Z","ticket":"INC-1","note":"copied a table","etag":"0x1"},{"outcome":"ok","by":"eve","verified":false,"at":"2026-03-02T09:56:00Z","ticket":null,"note":null,"etag":"0x1"}]"#;
    let parts = [
        (r#""session":null"#, session),
        (r#""holds":[]"#, hold),
        (r#""deletion":null"#, deletion),
        (r#""reviews":[]"#, reviews),
    ];
    parts.into_iter().fold(line(ID, CONTENT, &audit()), |line, (from, to)| {
        assert!(line.contains(from), "{from}");
        line.replacen(from, to, 1)
    })
}

/// Facts that confirm [`full_line`] and the holds: the id of the object, the kind, and further fields.
const FACTS_OF_ALL: [(&str, &str, &str); 7] = [
    (
        "hold_1",
        "hold.placed",
        r#""at":"2026-03-02T09:40:00Z","kind":"hold.placed","hold":"hold_1","case":"C1","scope":"machine vm-1, bastion hub","by":"fay@contoso.example""#,
    ),
    (
        "hold_2",
        "hold.placed",
        r#""at":"2026-03-02T09:41:00Z","kind":"hold.placed","hold":"hold_2","case":"C1","by":"fay (unverified)""#,
    ),
    (
        "hold_2",
        "hold.released",
        r#""at":"2026-03-02T09:45:00Z","kind":"hold.released","hold":"hold_2","case":"C1","by":"gil@contoso.example""#,
    ),
    (
        ID,
        "recording.confirmed",
        r#""at":"2026-03-02T09:50:00Z","kind":"recording.confirmed","session":"t1","by":"cleo@contoso.example","reason":"she said so""#,
    ),
    (
        ID,
        "recording.reviewed",
        r#""at":"2026-03-02T09:55:00Z","kind":"recording.reviewed","outcome":"finding","by":"bob@contoso.example","ticket":"INC-1","note":"copied a table","etag":"0x1""#,
    ),
    (
        ID,
        "recording.reviewed",
        r#""at":"2026-03-02T09:56:00Z","kind":"recording.reviewed","outcome":"ok","by":"eve (unverified)","etag":"0x1""#,
    ),
    (
        ID,
        "recording.deleted",
        r#""at":"2026-03-02T09:58:00Z","kind":"recording.deleted","size":19,"policy":"sha256:1","class":"pci","rules":["cards"],"by":"archivist, allowed by dora@contoso.example""#,
    ),
];

impl Parts {
    /// Parts with holds, reviews, a confirmation and a deletion, all in the ledger.
    pub fn full() -> Self {
        let mut facts = vec![hashed(ID, CONTENT)];
        let mut references = Self::default().facts;
        for (seq, (about, kind, fields)) in (2..).zip(FACTS_OF_ALL) {
            let fact = format!("fct_5ea03bx1gnapvtb6ynaddx5rh{seq}");
            let place = r#""account":"st","container":"recordings","name":"vm-<b>user</b>""#;
            let of_recording = if about == ID {
                format!(r#","recording":"{ID}",{place}"#)
            } else {
                String::new()
            };
            facts.push(format!(r#"{{"id":"{fact}",{fields}{of_recording}}}"#));
            let (about, kind, segment) = (about.to_owned(), kind.to_owned(), "000001".to_owned());
            references.extend(FactReference { about, kind, fact, segment, seq }.line().into_bytes());
        }
        let (ledger, heads) = segment(&facts);
        let head = heads.last().unwrap().clone();
        let holds = r#"{"id":"hold_1","case":"C1","reason":"a letter","scope":{"bastion":"hub","machine":"vm-1"},"placed_at":"2026-03-02T09:40:00Z","placed_by":{"name":"fay@contoso.example","verified":true},"released_at":null,"released_by":null}
{"id":"hold_2","case":"C1","reason":"a letter","scope":{"person":"ada"},"placed_at":"2026-03-02T09:41:00Z","placed_by":{"name":"fay","verified":false},"released_at":"2026-03-02T09:45:00Z","released_by":{"name":"gil@contoso.example","verified":true}}
"#;
        Self {
            recordings: full_line().into_bytes(),
            holds: holds.as_bytes().to_vec(),
            ledger,
            facts: references,
            anchors: format!("{}\n", serde_json::to_string(&anchor(&head)).unwrap()).into_bytes(),
            head,
            ..Self::default()
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
        write_page(&PageHead::from_manifest(&manifest), &unknown, || Ok(recordings.next()), &mut write).unwrap();
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
