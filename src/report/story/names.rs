//! Names for persons that the model knows by number.
//!
//! First names from many languages that are given to women and men alike, so that a name says nothing that the model does not
//! know. Who is called what follows from the seed, the replication and the person's number: the same person has the same name in every world.

/// The names; no two begin alike in more than their first two letters, so that no pair is hard to tell apart.
const NAMES: &[&str] = &[
    "Robin",
    "Noor",
    "Kim",
    "Amal",
    "Sasha",
    "Jules",
    "Dana",
    "Eden",
    "Kai",
    "Lou",
    "Micah",
    "Nico",
    "Quinn",
    "Ren",
    "Sol",
    "Toni",
    "Yuki",
    "Zuri",
    "Ariel",
    "Billie",
    "Chi",
    "Devi",
    "Elia",
    "Frankie",
    "Gael",
    "Hikaru",
    "Indra",
    "Jo",
    "Kamal",
    "Luca",
    "Mika",
    "Nur",
    "Oluchi",
    "Pat",
    "Remi",
    "Sam",
    "Tal",
    "Uli",
    "Vanja",
    "Wren",
    "Xuan",
    "Yael",
    "Ziv",
    "Andrea",
    "Bao",
    "Cleo",
    "Dominique",
    "Ezra",
    "Farah",
    "Glenn",
];

/// A hash of two numbers, well mixed (the finalizer of SplitMix64).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_add(0x632b_e59b_d9b4_e019);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The names of two persons, never the same nor with the same first letter.
pub fn of_pair(seed: u64, replication: u64, persons: [usize; 2]) -> [String; 2] {
    let place = |person: usize| (mix(mix(seed, replication), person as u64) % NAMES.len() as u64) as usize;
    // Whoever has the lower number is named first, so that the pair has the same names from either side.
    let (low, high) = (persons[0].min(persons[1]), persons[0].max(persons[1]));
    let first = NAMES[place(low)];
    let start = place(high);
    let letter = |name: &str| name.chars().next();
    let second = (0..NAMES.len()).map(|step| NAMES[(start + step) % NAMES.len()]);
    let second = second.clone().find(|name| letter(name) != letter(first)).unwrap_or(NAMES[start]);
    let names = [first.to_owned(), second.to_owned()];
    if persons[0] <= persons[1] { names } else { [names[1].clone(), names[0].clone()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_persons() {
        for person in 0..200 {
            let [a, b] = of_pair(7, 3, [person, person + 1]);
            assert_ne!(a.chars().next(), b.chars().next());
            assert_eq!(of_pair(7, 3, [person + 1, person]), [b, a]);
        }
        assert_ne!(of_pair(7, 3, [0, 1]), of_pair(8, 3, [0, 1]));
    }
}
