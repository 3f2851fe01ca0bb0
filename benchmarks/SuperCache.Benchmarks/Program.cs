using SuperCache.Benchmarks.Heap;
using SuperCache.Benchmarks.Replay;

switch (args)
{
    case ["replay", var folder, ..]:
        ReplayCommand.Run(folder, args.Length > 2 ? int.Parse(args[2]) : int.MaxValue);
        break;
    case ["heap", ..]:
        HeapCommand.Run(args.Length > 1 ? int.Parse(args[1]) : 1_000_000);
        break;
    default:
        Console.WriteLine("Commands: replay <folder with *.txt.gz> [requests a trace], heap [entries]");
        break;
}
