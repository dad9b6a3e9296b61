//! Damage: a flipped bit, an object that is gone, an older alias put back.

use super::*;

#[tokio::test]
async fn a_flipped_bit_anywhere_is_refused_or_changes_nothing() {
    let memory = Arc::new(Memory::default());
    let keys = new_keys().unwrap();
    let signer = KeySigner::read(&keys.secret, None).unwrap();
    let signing = signing(&memory, "a", Some(Box::new(signer)));
    release(&signing, "one").await.unwrap();
    let sound = memory.all();
    let right = served(&memory, &keys.trust).await.unwrap();
    let content = |snapshot: &Snapshot| -> Vec<Vec<u8>> {
        snapshot.files.iter().map(|file| file.text.clone()).collect()
    };
    let mut refused = 0;
    for trust in ["", keys.trust.as_str()] {
        for (name, bytes) in &sound {
            for place in 0..bytes.len() {
                let mut damaged = bytes.clone();
                damaged[place] ^= 1;
                memory.set(name, damaged);
                match served(&memory, trust).await {
                    Ok(snapshot) => {
                        assert_eq!(content(&snapshot), content(&right), "{name} at {place}");
                    }
                    Err(_) => refused += 1,
                }
            }
            memory.set(name, bytes.clone());
        }
    }
    let total: usize = sound.values().map(Vec::len).sum();
    assert!(refused > total, "{refused} of {total} bytes twice");
}

#[tokio::test]
async fn an_object_that_is_gone_is_named() {
    let memory = Arc::new(Memory::default());
    release(&publisher(&memory, "a"), "one").await.unwrap();
    let sound = memory.all();
    for (name, bytes) in sound.iter().filter(|(name, _)| !name.starts_with("aliases/")) {
        memory.remove(name);
        let refused = served(&memory, "").await.unwrap_err();
        assert!(refused.contains(name.as_str()), "{refused}");
        memory.set(name, bytes.clone());
    }
}

#[tokio::test]
async fn an_older_signed_alias_is_refused_by_who_has_seen_a_newer_one() {
    let memory = Arc::new(Memory::default());
    let keys = new_keys().unwrap();
    let signer = KeySigner::read(&keys.secret, None).unwrap();
    let signing = signing(&memory, "a", Some(Box::new(signer)));
    release(&signing, "one").await.unwrap();
    let old = memory.all()["aliases/live.json"].clone();
    release(&signing, "two").await.unwrap();
    let published = reader(&memory, &keys.trust);
    let AliasLook::Moved(seen) = published.look(None).await.unwrap() else { panic!("no alias") };
    memory.set("aliases/live.json", old.clone());
    let refused = published.look(Some(&seen)).await.unwrap_err().to_string();
    assert!(refused.contains("older alias"), "{refused}");
    // Under another name it is not served either.
    memory.set("aliases/draft.json", old);
    let refused = published.under("draft").look(None).await.unwrap_err().to_string();
    assert!(refused.contains("it is the alias `live`"), "{refused}");
}
