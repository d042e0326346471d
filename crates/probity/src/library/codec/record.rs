//! Mirrors of a record without its peaks.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

use super::{decode, encode};
use crate::error::{Error, Result};
use crate::format::{Provenance, Record, RecordPlace};
use crate::spectrum::{Acquisition, Curve, MassSpectrum, PeakList, Polarity, Spectrum, Technique};
use crate::substance::{Form, Identity};

/// All of a record but its peaks or its curve.
///
/// # Errors
/// `LimitReached` for more than 16 MiB.
pub(in crate::library) fn write_record(record: &Record) -> Result<Vec<u8>> {
    encode(&RecordData::of(record))
}

/// The record of these metadata and peaks or curve.
///
/// # Errors
/// `Damaged` for bytes that [`write_record`] cannot have written.
pub(in crate::library) fn read_record(metadata: &[u8], spectrum: StoredSpectrum) -> Result<Record> {
    decode::<RecordData>(metadata)?.into_record(spectrum)
}

/// What of a spectrum is stored beside the metadata of its record.
pub(in crate::library) enum StoredSpectrum {
    Peaks(PeakList),
    Curve(Box<Curve>),
}

#[derive(Encode, Decode)]
struct RecordData {
    name: String,
    identity: IdentityData,
    derivative: Option<String>,
    annotations: Vec<(u32, String)>,
    acquisition: AcquisitionData,
    provenance: ProvenanceData,
    other_fields: Vec<(String, String)>,
    place: (u64, u64),
}

#[derive(Encode, Decode)]
struct IdentityData {
    synonyms: Vec<String>,
    formula: Option<String>,
    inchikey: Option<String>,
    inchi: Option<String>,
    smiles: Option<String>,
    cas_numbers: Vec<String>,
    molecular_mass: Option<f64>,
    exact_mass: Option<f64>,
    class: Option<String>,
}

#[derive(Encode, Decode)]
struct AcquisitionData {
    technique: Option<u8>,
    ms_level: Option<u8>,
    /// Whether the ions are negative.
    negative: Option<bool>,
    precursor_mz: Option<f64>,
    precursor_type: Option<String>,
    charge: Option<i32>,
    collision_energy: Option<String>,
    fragmentation_mode: Option<String>,
    ionization: Option<String>,
    instrument: Option<String>,
    instrument_type: Option<String>,
    retention_time_s: Option<f64>,
    retention_index: Option<f64>,
    scan_range_mz: Option<(f64, f64)>,
}

#[derive(Encode, Decode)]
struct ProvenanceData {
    accession: Option<String>,
    nist_number: Option<String>,
    source: Option<String>,
    contributor: Option<String>,
    licence: Option<String>,
    splash: Option<String>,
    comments: Vec<String>,
}

/// The stored number of a technique.
fn technique_number(technique: Technique) -> u8 {
    match technique {
        Technique::ElectronIonization => 0,
        Technique::TandemMassSpectrometry => 1,
        Technique::InSourceCid => 2,
        Technique::OtherMassSpectrometry => 3,
        Technique::Infrared => 4,
    }
}

fn technique_of(number: u8) -> Result<Technique> {
    match number {
        0 => Ok(Technique::ElectronIonization),
        1 => Ok(Technique::TandemMassSpectrometry),
        2 => Ok(Technique::InSourceCid),
        3 => Ok(Technique::OtherMassSpectrometry),
        4 => Ok(Technique::Infrared),
        _ => Err(Error::damaged(format!("there is no technique {number}"))),
    }
}

impl RecordData {
    /// A curve has neither annotations nor an acquisition of a mass spectrum; these stay empty.
    fn of(record: &Record) -> Self {
        let (annotations, acquisition) = match &record.spectrum {
            Spectrum::Mass(mass) => (mass.annotations.clone(), mass.acquisition.clone()),
            Spectrum::Curve(_) => Default::default(),
        };
        Self {
            name: record.name.clone(),
            identity: IdentityData::of(&record.identity),
            derivative: record.form.derivative.clone(),
            annotations: annotations
                .into_iter()
                // A segment holds fewer peaks than 2³², or it could not be written.
                .map(|(peak, text)| (u32::try_from(peak).unwrap_or(u32::MAX), text))
                .collect(),
            acquisition: AcquisitionData::of(&acquisition),
            provenance: ProvenanceData::of(&record.provenance),
            other_fields: record.other_fields.clone(),
            place: (record.place.record, record.place.line),
        }
    }

    fn into_record(self, spectrum: StoredSpectrum) -> Result<Record> {
        let peaks = match &spectrum {
            StoredSpectrum::Peaks(peaks) => peaks.len(),
            StoredSpectrum::Curve(_) => 0,
        };
        let mut annotations = BTreeMap::new();
        for (peak, text) in self.annotations {
            let peak = usize::try_from(peak).unwrap_or(usize::MAX);
            if peak >= peaks || annotations.insert(peak, text).is_some() {
                return Err(Error::damaged(
                    "an annotation belongs to no peak, or to one that has one already",
                ));
            }
        }
        let acquisition = self.acquisition.into_acquisition()?;
        let spectrum = match spectrum {
            StoredSpectrum::Peaks(peaks) => Spectrum::Mass(MassSpectrum { peaks, annotations, acquisition }),
            StoredSpectrum::Curve(curve) if acquisition == Acquisition::default() => Spectrum::Curve(*curve),
            StoredSpectrum::Curve(_) => {
                return Err(Error::damaged("a curve has the acquisition of a mass spectrum"));
            }
        };
        Ok(Record {
            name: self.name,
            identity: self.identity.into_identity(),
            form: Form { derivative: self.derivative },
            spectrum,
            provenance: self.provenance.into_provenance(),
            other_fields: self.other_fields,
            place: RecordPlace { record: self.place.0, line: self.place.1 },
        })
    }
}

impl IdentityData {
    fn of(identity: &Identity) -> Self {
        let Identity {
            synonyms,
            formula,
            inchikey,
            inchi,
            smiles,
            cas_numbers,
            molecular_mass,
            exact_mass,
            class,
        } = identity.clone();
        Self { synonyms, formula, inchikey, inchi, smiles, cas_numbers, molecular_mass, exact_mass, class }
    }

    fn into_identity(self) -> Identity {
        let Self {
            synonyms,
            formula,
            inchikey,
            inchi,
            smiles,
            cas_numbers,
            molecular_mass,
            exact_mass,
            class,
        } = self;
        Identity {
            synonyms,
            formula,
            inchikey,
            inchi,
            smiles,
            cas_numbers,
            molecular_mass,
            exact_mass,
            class,
        }
    }
}

impl AcquisitionData {
    fn of(acquisition: &Acquisition) -> Self {
        let Acquisition {
            technique,
            ms_level,
            polarity,
            precursor_mz,
            precursor_type,
            charge,
            collision_energy,
            fragmentation_mode,
            ionization,
            instrument,
            instrument_type,
            retention_time_s,
            retention_index,
            scan_range_mz,
        } = acquisition.clone();
        Self {
            technique: technique.map(technique_number),
            ms_level,
            negative: polarity.map(|polarity| polarity == Polarity::Negative),
            precursor_mz,
            precursor_type,
            charge,
            collision_energy,
            fragmentation_mode,
            ionization,
            instrument,
            instrument_type,
            retention_time_s,
            retention_index,
            scan_range_mz,
        }
    }

    fn into_acquisition(self) -> Result<Acquisition> {
        let polarity = |negative| if negative { Polarity::Negative } else { Polarity::Positive };
        Ok(Acquisition {
            technique: self.technique.map(technique_of).transpose()?,
            ms_level: self.ms_level,
            polarity: self.negative.map(polarity),
            precursor_mz: self.precursor_mz,
            precursor_type: self.precursor_type,
            charge: self.charge,
            collision_energy: self.collision_energy,
            fragmentation_mode: self.fragmentation_mode,
            ionization: self.ionization,
            instrument: self.instrument,
            instrument_type: self.instrument_type,
            retention_time_s: self.retention_time_s,
            retention_index: self.retention_index,
            scan_range_mz: self.scan_range_mz,
        })
    }
}

impl ProvenanceData {
    fn of(provenance: &Provenance) -> Self {
        let Provenance { accession, nist_number, source, contributor, licence, splash, comments } =
            provenance.clone();
        Self { accession, nist_number, source, contributor, licence, splash, comments }
    }

    fn into_provenance(self) -> Provenance {
        let Self { accession, nist_number, source, contributor, licence, splash, comments } = self;
        Provenance { accession, nist_number, source, contributor, licence, splash, comments }
    }
}
