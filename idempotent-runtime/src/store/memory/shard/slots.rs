//! The slots of a shard, each with a number that stays while its record does, and a
//! hash table from the record's id to the number.

use hashbrown::HashTable;

use super::Slot;
use crate::record::RecordId;

/// Slots grow by this many, so that growth copies nothing.
const CHUNK: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Slots {
    index: HashTable<u32>,
    chunks: Vec<Vec<Option<Slot>>>,
    free: Vec<u32>,
}

impl Slots {
    /// Takes the slot in and says its number. No other slot may have its id.
    pub(super) fn insert(&mut self, slot: Slot) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| {
            if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
                self.chunks.push(Vec::with_capacity(CHUNK));
            }
            let last = self.chunks.len() - 1;
            let chunk = &mut self.chunks[last];
            chunk.push(None);
            number(last, chunk.len() - 1)
        });
        let hashed = hash(&slot.id);
        let (chunk, place) = position(number);
        self.chunks[chunk][place] = Some(slot);
        let chunks = &self.chunks;
        self.index.insert_unique(hashed, number, |other| {
            let (chunk, place) = position(*other);
            chunks[chunk][place]
                .as_ref()
                .map_or(0, |slot| hash(&slot.id))
        });
        number
    }

    pub(super) fn remove(&mut self, id: &RecordId) -> Option<(u32, Slot)> {
        let chunks = &self.chunks;
        let entry = self
            .index
            .find_entry(hash(id), |number| holds(chunks, *number, id))
            .ok()?;
        let (number, _) = entry.remove();
        let (chunk, place) = position(number);
        let slot = self.chunks[chunk][place].take()?;
        self.free.push(number);
        Some((number, slot))
    }

    pub(super) fn number(&self, id: &RecordId) -> Option<u32> {
        let chunks = &self.chunks;
        self.index
            .find(hash(id), |number| holds(chunks, *number, id))
            .copied()
    }

    pub(super) fn get(&self, number: u32) -> Option<&Slot> {
        let (chunk, place) = position(number);
        self.chunks[chunk][place].as_ref()
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Slot> {
        let (chunk, place) = position(number);
        self.chunks[chunk][place].as_mut()
    }

    /// Whether there ever was such a slot, empty or not.
    pub(super) fn reach(&self, number: u32) -> bool {
        let (chunk, place) = position(number);
        self.chunks
            .get(chunk)
            .is_some_and(|chunk| place < chunk.len())
    }

    pub(super) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// The numbers of a chunk's slots.
    pub(super) fn numbers(&self, chunk: usize) -> impl Iterator<Item = u32> + use<> {
        let places = self.chunks.get(chunk).map_or(0, Vec::len);
        (0..places).map(move |place| number(chunk, place))
    }
}

/// The id is a digest: any of its bytes are a hash. The first one chose the shard.
fn hash(id: &RecordId) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&id.as_bytes()[8..16]);
    u64::from_le_bytes(bytes)
}

fn holds(chunks: &[Vec<Option<Slot>>], number: u32, id: &RecordId) -> bool {
    let (chunk, place) = position(number);
    chunks[chunk][place]
        .as_ref()
        .is_some_and(|slot| slot.id == *id)
}

fn position(number: u32) -> (usize, usize) {
    (number as usize / CHUNK, number as usize % CHUNK)
}

#[allow(clippy::cast_possible_truncation)] // a shard of 2^32 records would be half a terabyte
fn number(chunk: usize, place: usize) -> u32 {
    (chunk * CHUNK + place) as u32
}
