// Identifies the spectra of a file: hits, ions for and against, a batch that is watched and stopped, errors.
// usage: Identify.exe SPECTRUM-FILE; libprobity must be found by the loader.
using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

[StructLayout(LayoutKind.Sequential)]
struct Hit
{
    public uint StructSize;
    public int KeyedAsParent;
    public ulong Rank, EntryId;
    public double FirstMeasure, RetentionIndexPenalty, RetentionIndexDifference;
    public UIntPtr MeasureCount;
    public IntPtr Name, Formula, Inchikey, SubstanceKey, CasNumbers, SubstanceClass, Accession, Source, Contributor;
}

[StructLayout(LayoutKind.Sequential)]
struct Evidence
{
    public uint StructSize;
    public int IsBands;
    public UIntPtr Count;
    public double ExplainedShare, FoundShare;
    public IntPtr QueryPosition, QueryIntensity, LibraryPosition, LibraryIntensity;
}

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
delegate int Progress(IntPtr userData, ulong done, ulong total);

[StructLayout(LayoutKind.Sequential)]
struct BatchOptions
{
    public uint StructSize, Threads;
    public Progress Progress;
    public IntPtr UserData;
}

static class Native
{
    const string Library = "probity";
    const CallingConvention C = CallingConvention.Cdecl;

    [DllImport(Library, CallingConvention = C)] public static extern int probity_abi_version();
    [DllImport(Library, CallingConvention = C)] public static extern void probity_error_free(IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr probity_error_text(IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_library_open_starter(
        out IntPtr library, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_library_free(IntPtr library);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_method_named(
        byte[] name, UIntPtr length, out IntPtr method, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_method_free(IntPtr method);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_searcher_new(
        IntPtr library, IntPtr method, IntPtr options, out IntPtr searcher, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_searcher_free(IntPtr searcher);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_query_list_from_file(
        byte[] path, UIntPtr length, IntPtr options, out IntPtr list, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_query_list_free(IntPtr list);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr probity_query_list_query(
        IntPtr list, UIntPtr index);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr probity_query_name(IntPtr query);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_query_peaks(
        IntPtr query, out IntPtr mz, out IntPtr intensity, out UIntPtr count, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_query_from_peaks(
        double[] mz, double[] intensity, UIntPtr count, IntPtr description, out IntPtr query, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_query_free(IntPtr query);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_searcher_search(
        IntPtr searcher, IntPtr query, IntPtr options, out IntPtr hits, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_hit_list_free(IntPtr hits);
    [DllImport(Library, CallingConvention = C)] public static extern UIntPtr probity_hit_list_count(IntPtr hits);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_hit_list_hit(
        IntPtr hits, UIntPtr index, ref Hit hit, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_searcher_identify(
        IntPtr searcher, IntPtr query, IntPtr options, out IntPtr finding, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_finding_free(IntPtr finding);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr probity_finding_hits(IntPtr finding);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_finding_evidence(
        IntPtr finding, UIntPtr hit, int which, ref Evidence evidence, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr probity_finding_outcome_name(IntPtr finding);
    [DllImport(Library, CallingConvention = C)] public static extern IntPtr probity_finding_digest(IntPtr finding);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_batch_options_init(
        ref BatchOptions options, UIntPtr size, out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern int probity_searcher_search_many(
        IntPtr searcher, IntPtr[] queries, UIntPtr count, IntPtr options, ref BatchOptions batch, out IntPtr answers,
        out IntPtr error);
    [DllImport(Library, CallingConvention = C)] public static extern void probity_batch_free(IntPtr batch);
    [DllImport(Library, CallingConvention = C)] public static extern UIntPtr probity_batch_count(IntPtr batch);
}

class ProbityException : Exception
{
    public readonly int Status;
    public ProbityException(int status, string text) : base(text) { Status = status; }
}

static class Identify
{
    static UIntPtr Size(long count) { return new UIntPtr((ulong)count); }

    // Texts are UTF-8 with a NUL behind them and belong to the handle they were asked of.
    static string Text(IntPtr text)
    {
        int length = 0;
        while (Marshal.ReadByte(text, length) != 0)
            length++;
        byte[] bytes = new byte[length];
        Marshal.Copy(text, bytes, 0, length);
        return Encoding.UTF8.GetString(bytes);
    }

    static double[] Column(IntPtr column, UIntPtr count)
    {
        double[] numbers = new double[(int)count];
        if (numbers.Length > 0)
            Marshal.Copy(column, numbers, 0, numbers.Length);
        return numbers;
    }

    static void Must(int status, IntPtr error)
    {
        if (status == 0)
            return;
        string text = Text(Native.probity_error_text(error));
        Native.probity_error_free(error);
        throw new ProbityException(status, text);
    }

    static void Print(string format, params object[] values)
    {
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, format, values));
    }

    static void Provoke(string word, Action call)
    {
        try { call(); }
        catch (ProbityException error)
        {
            Print("{0} {1} {2}", word, error.Status, error.Message);
            return;
        }
        throw new Exception("a call that must fail did not");
    }

    static Hit ReadHit(IntPtr hits, long index)
    {
        IntPtr error;
        Hit hit = new Hit { StructSize = (uint)Marshal.SizeOf(typeof(Hit)) };
        Must(Native.probity_hit_list_hit(hits, Size(index), ref hit, out error), error);
        return hit;
    }

    static void PrintIons(IntPtr finding, int which, string word)
    {
        IntPtr error;
        Evidence ions = new Evidence { StructSize = (uint)Marshal.SizeOf(typeof(Evidence)) };
        Must(Native.probity_finding_evidence(finding, Size(0), which, ref ions, out error), error);
        for (int row = 0; row < (int)ions.Count; row++)
        {
            string line = word;
            foreach (IntPtr column in new[] {
                ions.QueryPosition, ions.QueryIntensity, ions.LibraryPosition, ions.LibraryIntensity })
                if (column != IntPtr.Zero)
                    line += Column(column, ions.Count)[row].ToString(" 0.0000", CultureInfo.InvariantCulture);
            Print("{0}", line);
        }
    }

    static void PrintFinding(IntPtr searcher, IntPtr query)
    {
        IntPtr finding, error;
        Must(Native.probity_searcher_identify(searcher, query, IntPtr.Zero, out finding, out error), error);
        IntPtr hits = Native.probity_finding_hits(finding);
        for (long index = 0; index < (long)Native.probity_hit_list_count(hits); index++)
        {
            Hit hit = ReadHit(hits, index);
            Print("hit {0} {1} {2:F6} {3}", hit.Rank, hit.EntryId, hit.FirstMeasure, Text(hit.Name));
        }
        PrintIons(finding, 1, "matched");
        PrintIons(finding, 2, "unexplained");
        PrintIons(finding, 3, "missing");
        Print("outcome {0}", Text(Native.probity_finding_outcome_name(finding)));
        Print("digest {0}", Text(Native.probity_finding_digest(finding)));
        Native.probity_finding_free(finding);
    }

    static void PrintFromArrays(IntPtr searcher, IntPtr read)
    {
        IntPtr mz, intensity, query, hits, error;
        UIntPtr count;
        Must(Native.probity_query_peaks(read, out mz, out intensity, out count, out error), error);
        Must(Native.probity_query_from_peaks(
            Column(mz, count), Column(intensity, count), count, IntPtr.Zero, out query, out error), error);
        Must(Native.probity_searcher_search(searcher, query, IntPtr.Zero, out hits, out error), error);
        Hit hit = ReadHit(hits, 0);
        Print("arrays {0:F6} {1}", hit.FirstMeasure, Text(hit.Name));
        Native.probity_hit_list_free(hits);
        Native.probity_query_free(query);
    }

    static void Batch(IntPtr searcher, IntPtr query)
    {
        IntPtr[] queries = new IntPtr[100];
        for (int index = 0; index < queries.Length; index++)
            queries[index] = query;
        IntPtr answers, error;
        ulong told = 0;
        BatchOptions options = new BatchOptions();
        UIntPtr size = Size(Marshal.SizeOf(typeof(BatchOptions)));
        Must(Native.probity_batch_options_init(ref options, size, out error), error);
        options.Threads = 2;
        // An exception must not leave a callback, and the delegate must live as long as the call.
        options.Progress = (userData, done, total) => { told = done; return 0; };
        Must(Native.probity_searcher_search_many(
            searcher, queries, Size(100), IntPtr.Zero, ref options, out answers, out error), error);
        Print("batch {0} answers, {1} told", Native.probity_batch_count(answers), told);
        Native.probity_batch_free(answers);
        options.Progress = (userData, done, total) => 1;
        Provoke("cancelled", () => Must(Native.probity_searcher_search_many(
            searcher, queries, Size(100), IntPtr.Zero, ref options, out answers, out error), error));
        GC.KeepAlive(options.Progress);
    }

    static void Mistakes(IntPtr searcher, IntPtr query)
    {
        IntPtr made, hits, error;
        double[] bad = { 50, -1 };
        byte[] name = Encoding.UTF8.GetBytes("no-such-method");
        Provoke("error", () => Must(
            Native.probity_method_named(name, Size(name.Length), out made, out error), error));
        Provoke("error", () => Must(
            Native.probity_query_from_peaks(bad, bad, Size(2), IntPtr.Zero, out made, out error), error));
        Provoke("error", () => Must(
            Native.probity_searcher_search(IntPtr.Zero, query, IntPtr.Zero, out made, out error), error));
        Must(Native.probity_searcher_search(searcher, query, IntPtr.Zero, out hits, out error), error);
        Provoke("error", () => ReadHit(hits, 10));
        Hit hit = new Hit();
        Provoke("error", () => Must(Native.probity_hit_list_hit(hits, Size(0), ref hit, out error), error));
        Native.probity_hit_list_free(hits);
    }

    static int Main(string[] arguments)
    {
        if (arguments.Length != 1 || Native.probity_abi_version() != 1)
            return 2;
        IntPtr library, method, searcher, list, error;
        byte[] name = Encoding.UTF8.GetBytes("ei-default"), path = Encoding.UTF8.GetBytes(arguments[0]);
        Must(Native.probity_library_open_starter(out library, out error), error);
        Must(Native.probity_method_named(name, Size(name.Length), out method, out error), error);
        Must(Native.probity_searcher_new(library, method, IntPtr.Zero, out searcher, out error), error);
        Must(Native.probity_query_list_from_file(path, Size(path.Length), IntPtr.Zero, out list, out error), error);
        IntPtr query = Native.probity_query_list_query(list, Size(0));
        Print("query {0}", Text(Native.probity_query_name(query)));
        PrintFinding(searcher, query);
        PrintFromArrays(searcher, query);
        Batch(searcher, query);
        Mistakes(searcher, query);
        Native.probity_query_list_free(list);
        Native.probity_searcher_free(searcher);
        Native.probity_method_free(method);
        Native.probity_library_free(library);
        return 0;
    }
}
