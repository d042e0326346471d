//! What the registry must answer, and what its tables must keep to.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::chem::{CasNumber, Formula, InChIKey, data_test};
use crate::substance::{Form, Identity};

fn registry() -> &'static Registry {
    Registry::embedded().unwrap()
}

/// Name, level and schedule of each row found: `1961 I`, `not 1961 I` where excluded, `-` where not found.
fn found(answer: &Answer<'_>) -> Vec<(String, MatchLevel, String)> {
    answer
        .matches
        .iter()
        .map(|found| {
            let status = match &found.row.listing {
                Listing::Listed(entry) => format!("{} {}", entry.convention.year(), entry.schedule),
                Listing::Excluded(entry) => format!("not {} {}", entry.convention.year(), entry.schedule),
                Listing::NotFound => "-".to_owned(),
                Listing::ByRelation => panic!("{} leads on", found.row.name),
            };
            (found.row.name.clone(), found.level, status)
        })
        .collect()
}

fn one(text: &str) -> (String, MatchLevel, String) {
    let answer = registry().lookup(text);
    let mut all = found(&answer);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    all.remove(0)
}

fn row(name: &str, level: MatchLevel, status: &str) -> (String, MatchLevel, String) {
    (name.to_owned(), level, status.to_owned())
}

/// The 1961 Convention lists levomethorphan and racemethorphan in Schedule I and excludes the (+)-forms
/// dextromethorphan and dextrorphan by name; the flat key is that of all of them.
#[test]
fn dextromethorphan_and_dextrorphan_are_excluded_and_their_flat_keys_do_not_choose() {
    use MatchLevel::{CasNumber, ExactStereoKey, Name, StereoNotStated};
    for (key, cas, name, listed) in [
        ("MKXZASYAUGDDCJ-NJAFHUGGSA-N", "125-71-3", "Dextromethorphan", ["Levomethorphan", "Racemethorphan"]),
        ("JAQUASYNZVUNQP-PVAVHDDUSA-N", "125-73-5", "Dextrorphan", ["Levorphanol", "Racemorphan"]),
    ] {
        for (text, level) in [(key, ExactStereoKey), (cas, CasNumber), (name, Name)] {
            assert_eq!(one(text), row(name, level, "not 1961 I"));
        }
        let salt = format!("{name} hydrobromide");
        assert_eq!(one(&salt), row(name, MatchLevel::SaltOf, "not 1961 I"));
        for flat in [format!("{}-UHFFFAOYSA-N", &key[..14]), key[..14].to_owned()] {
            let answer = registry().lookup(&flat);
            let [levo, race] = listed.map(|name| row(name, StereoNotStated, "1961 I"));
            assert_eq!(found(&answer), [levo, race, row(name, StereoNotStated, "not 1961 I")]);
            assert!(answer.depends_on_stereochemistry);
            let sentences = answer.sentences().join(" ");
            assert!(sentences.contains("depends on stereochemistry"), "{sentences}");
            assert!(sentences.contains("(unverified)"), "{sentences}");
        }
    }
    let levo = one("MKXZASYAUGDDCJ-CGTJXYLNSA-N");
    assert_eq!(levo, row("Levomethorphan", ExactStereoKey, "1961 I"));
    // The public library's flat entry is called dextromethorphan; its key does not say so.
    let identity = Identity {
        inchikey: Some("MKXZASYAUGDDCJ-UHFFFAOYSA-N".to_owned()),
        cas_numbers: vec!["125-71-3".to_owned()],
        ..Identity::default()
    };
    assert!(registry().status_of(&identity, &Form::default()).depends_on_stereochemistry);
}

/// Cocaine stands in Schedule I of the 1961 Convention, whose salts are covered.
#[test]
fn cocaine_hydrochloride_is_a_salt_of_cocaine() {
    let base = |level| row("Cocaine", level, "1961 I");
    for text in
        ["53-21-4", "Cocaine hydrochloride", "COCAINE HCL", "cocaine (hydrochloride)", "Cocaine sulphate"]
    {
        assert_eq!(one(text), base(MatchLevel::SaltOf), "{text}");
    }
    assert_eq!(one("PIQVDUKEQYOJNR-VZXSFKIWSA-N"), base(MatchLevel::SaltOf));
    assert_eq!(one("ZPUCINDJVBIVPJ-LJISPDSOSA-N"), base(MatchLevel::ExactStereoKey));
    assert_eq!(one("ZPUCINDJVBIVPJ-UHFFFAOYSA-N"), base(MatchLevel::StereoNotStated));
    assert_eq!(one("50-36-2"), base(MatchLevel::CasNumber));
    // Key of cocaine-d3 in SWGDRUG 3.9, entry SWG39-4543.
    let key: InChIKey = "ZPUCINDJVBIVPJ-FIBGUPNXSA-N".parse().unwrap();
    assert_eq!(found(&registry().lookup_key(&key, None)), [base(MatchLevel::SameSkeleton)]);
    let formula: Formula = "C17H18D3NO4".parse().unwrap();
    assert_eq!(found(&registry().lookup_key(&key, Some(&formula))), [base(MatchLevel::IsotopologueOf)]);
    for text in ["ZPUCINDJVBIVPJ_D3", "Cocaine-D3"] {
        assert_eq!(one(text), base(MatchLevel::IsotopologueOf));
    }
    // Its formula is scopolamine's, too: no identity.
    let by_formula = registry().lookup("C17H21NO4.ClH");
    assert!(found(&by_formula).contains(&base(MatchLevel::SameFormula)));
    assert!(by_formula.matches.iter().all(|found| found.level == MatchLevel::SameFormula));
}

/// The 1971 Convention lists cathine, (+)-norpseudoephedrine, in Schedule III; Table I of the 1988
/// Convention lists norephedrine, which is phenylpropanolamine.
#[test]
fn cathine_and_norephedrine_share_a_flat_key_and_no_status() {
    use MatchLevel::{CasNumber, ExactStereoKey, Name, StereoNotStated};
    for (text, level) in [
        ("DLNKOYKMWOXYQA-IONNQARKSA-N", ExactStereoKey),
        ("492-39-7", CasNumber),
        ("Cathine", Name),
        ("(+)-norpseudoephedrine", Name),
    ] {
        assert_eq!(one(text), row("Cathine", level, "1971 III"));
    }
    for text in ["norephedrine", "Phenylpropanolamine", "14838-15-4"] {
        assert_eq!((one(text).0.as_str(), one(text).2.as_str()), ("Norephedrine", "1988 Table I"));
    }
    let flat = registry().lookup("DLNKOYKMWOXYQA-UHFFFAOYSA-N");
    let both =
        [row("Cathine", StereoNotStated, "1971 III"), row("Norephedrine", StereoNotStated, "1988 Table I")];
    assert_eq!(found(&flat), both);
    assert!(flat.depends_on_stereochemistry);
    assert!(!registry().lookup("(-)-norpseudoephedrine").is_found(), "a mirror image is another name");
}

/// Isotonitazene is in Schedule I of the 1961 Convention since 2021 (decision of the Commission at its
/// 64th session), acetic anhydride in Table I of the 1988 Convention, moved there from Table II in 2001.
#[test]
fn a_nitazene_acetic_anhydride_and_caffeine() {
    let levels = [MatchLevel::FlatKey, MatchLevel::CasNumber, MatchLevel::Name];
    for (name, texts, status) in [
        ("Isotonitazene", ["OIOQREYBGDAYGT-UHFFFAOYSA-N", "14188-81-9", "isotonitazene"], "1961 I"),
        (
            "Acetic anhydride",
            ["WFDIJRYMOXRFFG-UHFFFAOYSA-N", "108-24-7", "ethanoic anhydride"],
            "1988 Table I",
        ),
        ("Caffeine", ["RYYVLZVUVIJVGH-UHFFFAOYSA-N", "58-08-2", "CAFFEINE"], "-"),
    ] {
        for (text, level) in texts.into_iter().zip(levels) {
            assert_eq!(one(text), row(name, level, status));
        }
    }
    let caffeine = registry().lookup("caffeine");
    assert_eq!(caffeine.matches[0].row.kind, Kind::CuttingAgent);
    let acetic = registry().lookup("acetic anhydride").sentences().join(" ");
    assert!(acetic.contains("Table I of the 1988 Convention;") && !acetic.contains("unverified"), "{acetic}");
}

/// Esters of Schedule I substances are covered by the 1961 Convention; 6-monoacetylmorphine is one by
/// its name. Nothing of the kind is computed.
#[test]
fn esters_are_known_where_a_row_states_them_only() {
    use MatchLevel::{EsterOrEtherOf, SaltOrEsterOf};
    for text in ["JJGYGPZNTOPXGV-UHFFFAOYSA-N", "2784-73-8", "6-MAM"] {
        assert_eq!(one(text), row("Morphine", EsterOrEtherOf, "1961 I"));
    }
    assert_eq!(one("Methadone acetate"), row("Methadone", SaltOrEsterOf, "1961 I"));
    assert!(!registry().lookup("6-Propionylmorphine").is_found());
}

#[test]
fn what_is_not_found_is_never_said_to_be_not_controlled() {
    let everything: Vec<String> = registry()
        .rows()
        .iter()
        .flat_map(|row| registry().lookup_name(&row.name).sentences())
        .chain(registry().lookup("water").sentences())
        .collect();
    assert!(everything.iter().all(|sentence| !sentence.contains("not controlled")));
    assert_eq!(
        registry().lookup("water").sentences(),
        ["Not found in the lists as of 2025-03 (1961, 1971 Conventions) and 2026-10 (1988 Convention); \
          national law may differ."]
    );
}

#[test]
fn a_record_of_another_key_is_not_found_by_its_names() {
    let identity = |inchikey: Option<&str>, formula: &str| Identity {
        inchikey: inchikey.map(str::to_owned),
        formula: Some(formula.to_owned()),
        cas_numbers: vec!["50-36-2".to_owned()],
        synonyms: vec!["Cocaine".to_owned()],
        ..Identity::default()
    };
    let levels = |identity: &Identity, form: &Form| -> Vec<MatchLevel> {
        registry().status_of(identity, form).matches.iter().map(|found| found.level).collect()
    };
    let (other, plain) = ("AAAAAAAAAAAAAA-UHFFFAOYSA-N", Form::default());
    assert!(levels(&identity(Some(other), "C17H21NO4"), &plain).is_empty());
    assert_eq!(levels(&identity(None, "C17H21NO4"), &plain), [MatchLevel::CasNumber]);
    assert_eq!(levels(&identity(Some(other), "C17H21NO4.ClH"), &plain), [MatchLevel::SaltOf]);
    let silylated = Form { derivative: Some("TMS".to_owned()) };
    let cocaine = Some("ZPUCINDJVBIVPJ-LJISPDSOSA-N");
    assert_eq!(levels(&identity(cocaine, "C17H21NO4"), &silylated), [MatchLevel::DerivativeOf]);
    assert_eq!(levels(&identity(cocaine, "C17H18D3NO4"), &plain), [MatchLevel::IsotopologueOf]);
}

/// Numbers of rows as the source's description states them: 318 under the 1961 and 1971 Conventions, 51
/// under the 1988 Convention, 844 others.
#[test]
fn the_tables_have_the_rows_that_their_readme_counts() {
    let count = |convention: Option<Convention>, verification: Option<Verification>| {
        let rows = registry().rows().iter().filter(|row| match &row.listing {
            Listing::Listed(entry) => {
                Some(entry.convention) == convention && Some(entry.verification) == verification
            }
            Listing::NotFound => convention.is_none() && row.kind == Kind::NewPsychoactiveSubstance,
            _ => false,
        });
        rows.count()
    };
    assert_eq!(count(Some(Convention::Narcotics1961), Some(Verification::Unverified)), 143);
    assert_eq!(count(Some(Convention::Psychotropics1971), Some(Verification::Unverified)), 175);
    assert_eq!(count(Some(Convention::Precursors1988), Some(Verification::Verified)), 51);
    // Two more that the source had under the name of a listed substance.
    assert_eq!(count(None, None), 844 + 2);
}

/// Rows share names, numbers or keys only where they should.
#[test]
fn no_row_stands_there_twice() {
    let mut names = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    let mut keys = BTreeSet::new();
    let mut shared_keys = BTreeSet::new();
    for row in registry().rows() {
        assert!(names.insert(row.name.to_lowercase()), "{} stands there twice", row.name);
        assert!(!row.identity_source.is_empty(), "{} has no source", row.name);
        assert!(row.inchikey.as_ref().is_none_or(InChIKey::is_standard), "{}", row.name);
        for number in &row.cas_numbers {
            assert!(numbers.insert(*number), "{number} stands in two rows");
        }
        match &row.inchikey {
            Some(key) if !keys.insert(key.clone()) => {
                assert!(!key.states_stereo_or_isotopes(), "{key} stands in two rows");
                shared_keys.insert(key.as_str().to_owned());
            }
            _ => {}
        }
    }
    // The methadols, prodines and moramides, and the morphinans: listed by stereoform.
    assert_eq!(shared_keys.len(), 6, "{shared_keys:?}");
    for key in shared_keys {
        let rows =
            registry().rows().iter().filter(|row| row.inchikey.as_ref().is_some_and(|k| k.as_str() == key));
        // Of each one at most is without a stated form, as the name of all of them.
        assert!(rows.filter(|row| row.stereo.is_none()).count() <= 1, "{key}");
    }
    for number in ["50-36-2", "125-71-3"] {
        assert!(numbers.contains(&number.parse::<CasNumber>().unwrap()));
    }
}

#[test]
fn an_answer_can_be_written_as_json() {
    let answer = serde_json::to_value(registry().lookup("53-21-4")).unwrap();
    assert_eq!(answer["matches"][0]["level"], "salt_of");
    assert_eq!(answer["matches"][0]["through"], "Cocaine hydrochloride");
    assert_eq!(answer["matches"][0]["row"]["listing"]["status"], "listed");
    assert_eq!(answer["matches"][0]["row"]["listing"]["convention"], "1961");
    assert_eq!(answer["matches"][0]["row"]["listing"]["verification"], "unverified");
}

proptest! {
    #[test]
    fn no_text_makes_the_lookup_panic(text in "\\PC{0,40}") {
        let _ = registry().lookup(&text).sentences();
    }
}

/// The corrections beside the tables name every row whose identity differs from the source's.
#[test]
#[ignore = "needs PROBITY_DATA"]
fn every_row_of_the_source_is_here_with_its_key_and_schedule() {
    let corrections = include_str!("../../../registry/corrections.tsv");
    let corrected: BTreeSet<&str> = corrections
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, rest)| rest.starts_with("formula") || rest.starts_with("inchikey"))
        .map(|(name, _)| name)
        .collect();
    let source = data_test::substances();
    assert!(source.len() > 1_000);
    for row in source {
        let find = |is_it: &dyn Fn(&RegistryRow) -> bool| registry().rows().iter().find(|ours| is_it(ours));
        let key = row["inchikey"].as_str();
        let ours = find(&|ours| ours.name == row["name"])
            // Rows that the source calls by its own name are called by the substance's.
            .or_else(|| find(&|ours| ours.inchikey.as_ref().is_some_and(|of_row| of_row.as_str() == key)))
            .unwrap_or_else(|| panic!("{} is missing", row["name"]));
        let (convention, schedule) = match &ours.listing {
            Listing::Listed(entry) => (entry.convention.year(), entry.schedule.as_str()),
            _ => ("", ""),
        };
        assert_eq!((convention, schedule), (row["convention"].as_str(), row["schedule"].as_str()));
        if !corrected.contains(ours.name.as_str()) {
            assert_eq!(ours.inchikey.as_ref().map(InChIKey::as_str), Some(key), "{}", ours.name);
            assert_eq!(ours.formula, row["formula"].parse().unwrap(), "{}", ours.name);
        }
    }
    assert!(corrected.len() < 10, "{corrected:?}");
}

/// Substances that no convention lists although they serve to make listed ones (WHO ECDD repository for
/// GBL; Regulations (EU) 2022/1518 and 2023/196), and tariff codes where a source is at hand.
#[test]
fn unlisted_pre_precursors_and_substitutes_are_marked_as_such() {
    for (text, kind) in [
        ("YEJRWHAVMIAJKC-UHFFFAOYSA-N", Kind::Substitute),
        ("1,4-BD", Kind::Substitute),
        ("5413-05-8", Kind::PrePrecursor),
        ("DEPAPD", Kind::PrePrecursor),
    ] {
        let answer = registry().lookup(text);
        let rows: Vec<_> = answer.matches.iter().map(|found| (found.row.kind, &found.row.listing)).collect();
        assert_eq!(rows, [(kind, &Listing::NotFound)], "{text}");
    }
    let safrole = registry().lookup("safrole");
    assert_eq!(safrole.matches[0].row.hs_code.as_ref().map(|hs| hs.code.as_str()), Some("2932.94"));
    assert!(registry().lookup("caffeine").matches[0].row.hs_code.is_none());
}
