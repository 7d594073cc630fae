//! Conformance suites of both blob stores.

use adapters_local::folder::{Folder, FolderBlobs};
use adapters_local::memory::MemoryBlobs;
use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use jiff::Timestamp;
use pipeline::ports::BlobStore;
use pipeline::testing::blob_store::BlobFixture;
use tempfile::TempDir;

mod memory {
    use super::*;

    struct Memory(MemoryBlobs);

    #[async_trait]
    impl BlobFixture for Memory {
        fn store(&self) -> &dyn BlobStore {
            &self.0
        }

        async fn create_container(&self, container: &ContainerAddress) {
            self.0.create_container(container);
        }

        async fn put(&self, address: &BlobAddress, size: u64, at: Timestamp) -> Timestamp {
            self.0.put(address, size, at);
            at
        }

        async fn write(&self, address: &BlobAddress, content: &[u8], at: Timestamp) {
            self.0.write(address, content, at);
        }

        async fn delete(&self, address: &BlobAddress) {
            assert!(self.0.remove(address));
        }
    }

    async fn make() -> (Memory, ()) {
        (Memory(MemoryBlobs::default()), ())
    }

    pipeline::blob_store_conformance!(make);
}

mod folder {
    use super::*;

    struct OnDisk {
        folder: Folder,
        blobs: FolderBlobs,
    }

    #[async_trait]
    impl BlobFixture for OnDisk {
        fn store(&self) -> &dyn BlobStore {
            &self.blobs
        }

        async fn create_container(&self, container: &ContainerAddress) {
            self.folder.create_container(container).unwrap();
        }

        async fn put(&self, address: &BlobAddress, size: u64, at: Timestamp) -> Timestamp {
            self.folder.write(address, size, at).unwrap();
            at
        }

        async fn write(&self, address: &BlobAddress, content: &[u8], at: Timestamp) {
            self.folder.write_content(address, content, at).unwrap();
        }

        async fn delete(&self, address: &BlobAddress) {
            assert!(self.folder.remove(address).unwrap());
        }
    }

    async fn make() -> (OnDisk, TempDir) {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path(), root.path().join(".archivist")).unwrap();
        (OnDisk { blobs: FolderBlobs::new(folder.clone()), folder }, root)
    }

    pipeline::blob_store_conformance!(make);
}
