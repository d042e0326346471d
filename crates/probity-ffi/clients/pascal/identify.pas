{ Identifies the spectra of a file: hits, ions for and against, a batch that is watched and stopped, errors.
  usage: identify SPECTRUM-FILE. Free Pascal 3. }
program identify;

{$mode objfpc}{$H+}
{$packrecords C}
{$linklib probity}

uses
  Math, SysUtils;

type
  TDoubles = ^Double;

  THit = record
    StructSize: LongWord;
    KeyedAsParent: LongInt;
    Rank, EntryId: QWord;
    FirstMeasure, RetentionIndexPenalty, RetentionIndexDifference: Double;
    MeasureCount: SizeUInt;
    Name, Formula, Inchikey, SubstanceKey, CasNumbers, SubstanceClass, Accession, Source, Contributor: PAnsiChar;
  end;

  TEvidence = record
    StructSize: LongWord;
    IsBands: LongInt;
    Count: SizeUInt;
    ExplainedShare, FoundShare: Double;
    QueryPosition, QueryIntensity, LibraryPosition, LibraryIntensity: TDoubles;
  end;

  TProgress = function(UserData: Pointer; Done, Total: QWord): LongInt; cdecl;

  TBatchOptions = record
    StructSize, Threads: LongWord;
    Progress: TProgress;
    UserData: Pointer;
  end;

function probity_abi_version: LongInt; cdecl; external;
procedure probity_error_free(Error: Pointer); cdecl; external;
function probity_error_text(Error: Pointer): PAnsiChar; cdecl; external;
function probity_library_open_starter(out Lib, Error: Pointer): LongInt; cdecl; external;
procedure probity_library_free(Lib: Pointer); cdecl; external;
function probity_method_named(Name: PAnsiChar; Length: SizeUInt; out Method, Error: Pointer): LongInt; cdecl; external;
procedure probity_method_free(Method: Pointer); cdecl; external;
function probity_searcher_new(Lib, Method, Options: Pointer; out Searcher, Error: Pointer): LongInt; cdecl; external;
procedure probity_searcher_free(Searcher: Pointer); cdecl; external;
function probity_query_list_from_file(Path: PAnsiChar; Length: SizeUInt; Options: Pointer;
  out List, Error: Pointer): LongInt; cdecl; external;
procedure probity_query_list_free(List: Pointer); cdecl; external;
function probity_query_list_query(List: Pointer; Index: SizeUInt): Pointer; cdecl; external;
function probity_query_name(Query: Pointer): PAnsiChar; cdecl; external;
function probity_query_peaks(Query: Pointer; out Mz, Intensity: TDoubles; out Count: SizeUInt;
  out Error: Pointer): LongInt; cdecl; external;
function probity_query_from_peaks(Mz, Intensity: TDoubles; Count: SizeUInt; Description: Pointer;
  out Query, Error: Pointer): LongInt; cdecl; external;
procedure probity_query_free(Query: Pointer); cdecl; external;
function probity_searcher_search(Searcher, Query, Options: Pointer; out Hits, Error: Pointer): LongInt; cdecl; external;
function probity_hit_list_count(Hits: Pointer): SizeUInt; cdecl; external;
function probity_hit_list_hit(Hits: Pointer; Index: SizeUInt; var Hit: THit; out Error: Pointer): LongInt;
  cdecl; external;
procedure probity_hit_list_free(Hits: Pointer); cdecl; external;
function probity_searcher_identify(Searcher, Query, Options: Pointer; out Finding, Error: Pointer): LongInt;
  cdecl; external;
procedure probity_finding_free(Finding: Pointer); cdecl; external;
function probity_finding_hits(Finding: Pointer): Pointer; cdecl; external;
function probity_finding_evidence(Finding: Pointer; Hit: SizeUInt; Which: LongInt; var Evidence: TEvidence;
  out Error: Pointer): LongInt; cdecl; external;
function probity_finding_outcome_name(Finding: Pointer): PAnsiChar; cdecl; external;
function probity_finding_digest(Finding: Pointer): PAnsiChar; cdecl; external;
function probity_batch_options_init(out Options: TBatchOptions; Size: SizeUInt; out Error: Pointer): LongInt;
  cdecl; external;
function probity_searcher_search_many(Searcher: Pointer; Queries: PPointer; Count: SizeUInt; Options: Pointer;
  var Batch: TBatchOptions; out Answers, Error: Pointer): LongInt; cdecl; external;
function probity_batch_count(Batch: Pointer): SizeUInt; cdecl; external;
procedure probity_batch_free(Batch: Pointer); cdecl; external;

var
  Error: Pointer = nil;
  Told: QWord = 0;

procedure Must(Status: LongInt);
begin
  if Status = 0 then
    Exit;
  WriteLn(StdErr, probity_error_text(Error));
  Halt(1);
end;

{ Prints a failure that was provoked, and frees it. }
procedure PrintError(const Word: string; Status: LongInt);
begin
  if Status = 0 then
    Halt(1);
  WriteLn(Word, ' ', Status, ' ', probity_error_text(Error));
  probity_error_free(Error);
  Error := nil;
end;

function CountUp(UserData: Pointer; Done, Total: QWord): LongInt; cdecl;
begin
  Told := Done;
  Result := 0;
end;

function Stop(UserData: Pointer; Done, Total: QWord): LongInt; cdecl;
begin
  Result := 1;
end;

function ReadHit(Hits: Pointer; Index: SizeUInt): THit;
begin
  Result.StructSize := SizeOf(THit);
  Must(probity_hit_list_hit(Hits, Index, Result, Error));
end;

procedure PrintIons(Finding: Pointer; Which: LongInt; const Word: string);
var
  Ions: TEvidence;
  Row: Integer;
  Column: TDoubles;
begin
  Ions.StructSize := SizeOf(Ions);
  Must(probity_finding_evidence(Finding, 0, Which, Ions, Error));
  for Row := 0 to Integer(Ions.Count) - 1 do
  begin
    Write(Word);
    for Column in [Ions.QueryPosition, Ions.QueryIntensity, Ions.LibraryPosition, Ions.LibraryIntensity] do
      if Column <> nil then
        Write(Format(' %.4f', [Column[Row]]));
    WriteLn;
  end;
end;

procedure PrintFinding(Searcher, Query: Pointer);
var
  Finding, Hits: Pointer;
  Hit: THit;
  Index: Integer;
begin
  Must(probity_searcher_identify(Searcher, Query, nil, Finding, Error));
  Hits := probity_finding_hits(Finding);
  for Index := 0 to Integer(probity_hit_list_count(Hits)) - 1 do
  begin
    Hit := ReadHit(Hits, Index);
    WriteLn('hit ', Hit.Rank, ' ', Hit.EntryId, ' ', Format('%.6f', [Hit.FirstMeasure]), ' ', Hit.Name);
  end;
  PrintIons(Finding, 1, 'matched');
  PrintIons(Finding, 2, 'unexplained');
  PrintIons(Finding, 3, 'missing');
  WriteLn('outcome ', probity_finding_outcome_name(Finding));
  WriteLn('digest ', probity_finding_digest(Finding));
  probity_finding_free(Finding);
end;

{ The same peaks as arrays of the host, as an instrument has them. }
procedure PrintFromArrays(Searcher, Read: Pointer);
var
  Mz, Intensity: TDoubles;
  Count: SizeUInt;
  Query, Hits: Pointer;
  Hit: THit;
begin
  Must(probity_query_peaks(Read, Mz, Intensity, Count, Error));
  Must(probity_query_from_peaks(Mz, Intensity, Count, nil, Query, Error));
  Must(probity_searcher_search(Searcher, Query, nil, Hits, Error));
  Hit := ReadHit(Hits, 0);
  WriteLn('arrays ', Format('%.6f', [Hit.FirstMeasure]), ' ', Hit.Name);
  probity_hit_list_free(Hits);
  probity_query_free(Query);
end;

procedure Batch(Searcher, Query: Pointer);
var
  Queries: array[0..99] of Pointer;
  Options: TBatchOptions;
  Answers: Pointer;
  Index: Integer;
begin
  for Index := 0 to 99 do
    Queries[Index] := Query;
  Must(probity_batch_options_init(Options, SizeOf(Options), Error));
  Options.Threads := 2;
  Options.Progress := @CountUp;
  Must(probity_searcher_search_many(Searcher, @Queries[0], 100, nil, Options, Answers, Error));
  WriteLn('batch ', probity_batch_count(Answers), ' answers, ', Told, ' told');
  probity_batch_free(Answers);
  Options.Progress := @Stop;
  PrintError('cancelled', probity_searcher_search_many(Searcher, @Queries[0], 100, nil, Options, Answers, Error));
end;

procedure Mistakes(Searcher, Query: Pointer);
const
  Bad: array[0..1] of Double = (50, -1);
var
  Made, Hits: Pointer;
  Hit: THit;
begin
  PrintError('error', probity_method_named('no-such-method', 14, Made, Error));
  PrintError('error', probity_query_from_peaks(@Bad[0], @Bad[0], 2, nil, Made, Error));
  PrintError('error', probity_searcher_search(nil, Query, nil, Made, Error));
  Must(probity_searcher_search(Searcher, Query, nil, Hits, Error));
  Hit.StructSize := SizeOf(Hit);
  PrintError('error', probity_hit_list_hit(Hits, 10, Hit, Error));
  Hit.StructSize := 0;
  PrintError('error', probity_hit_list_hit(Hits, 0, Hit, Error));
  probity_hit_list_free(Hits);
end;

var
  Lib, Method, Searcher, List, Query: Pointer;
  Path: AnsiString;
begin
  if (ParamCount <> 1) or (probity_abi_version <> 1) then
    Halt(2);
  { Pascal traps floating-point exceptions, which C code does not expect. }
  SetExceptionMask([exInvalidOp, exDenormalized, exZeroDivide, exOverflow, exUnderflow, exPrecision]);
  DefaultFormatSettings.DecimalSeparator := '.';
  Path := ParamStr(1);
  Must(probity_library_open_starter(Lib, Error));
  Must(probity_method_named('ei-default', 10, Method, Error));
  Must(probity_searcher_new(Lib, Method, nil, Searcher, Error));
  Must(probity_query_list_from_file(PAnsiChar(Path), Length(Path), nil, List, Error));
  Query := probity_query_list_query(List, 0);
  WriteLn('query ', probity_query_name(Query));
  PrintFinding(Searcher, Query);
  PrintFromArrays(Searcher, Query);
  Batch(Searcher, Query);
  Mistakes(Searcher, Query);
  probity_query_list_free(List);
  probity_searcher_free(Searcher);
  probity_method_free(Method);
  probity_library_free(Lib);
end.
