problem-pull-place = Whoever runs the server has opened no place “{ $value }” that fits this source.
problem-pull-folder = The folder cannot be read: { $detail }.
problem-pull-file = The file “{ $file }” cannot be read: { $detail }.
problem-pull-column = The file “{ $file }” has no column “{ $value }”.
problem-pull-unreachable = The database cannot be reached: { $detail }.
problem-pull-query = The database refuses the query: { $detail }.
problem-pull-many = More than { $max } files fit: narrow their name down, or put away those that were read.
